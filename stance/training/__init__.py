"""Train and fine-tune: data sets, synthetic pairs, the multi-task loop, calibration."""
