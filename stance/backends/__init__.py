"""Gather what runs models: protocols in `base`, one module per implementation.

Together with `stance.training`, the only place that may import torch or transformers.
"""
