"""Measure `stance`: suites, baselines, paired tests, quality floors and a readable report."""
