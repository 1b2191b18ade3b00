"""Turn data sets into suites."""
