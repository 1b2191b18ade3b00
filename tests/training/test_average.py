from __future__ import annotations

import torch
from torch import nn

from stance.training.average import Average


def test_the_mean_follows_and_is_put_in_place_for_a_while() -> None:
    model = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        model.weight.fill_(0.0)
    average = Average(model, 0.5)
    for value in (1.0, 1.0, 4.0):
        with torch.no_grad():
            model.weight.fill_(value)
        average.update(model)
    # Decays 2/11, 3/12 and 4/13 while it warms up.
    expected = 0.0
    for value, decay in ((1.0, 2 / 11), (1.0, 3 / 12), (4.0, 4 / 13)):
        expected = decay * expected + (1 - decay) * value
    with average.applied(model):
        assert torch.allclose(model.weight, torch.full((1, 2), expected), atol=1e-6)
    assert torch.equal(model.weight, torch.full((1, 2), 4.0))


def test_without_a_decay_the_last_weights_count() -> None:
    model = nn.Linear(2, 1)
    before = model.weight.detach().clone()
    average = Average(model, 0.0)
    average.update(model)
    with average.applied(model):
        assert torch.equal(model.weight, before)


def test_a_mean_survives_a_checkpoint() -> None:
    model = nn.Linear(3, 2)
    first = Average(model, 0.9)
    with torch.no_grad():
        model.weight.add_(1)
    first.update(model)
    second = Average(nn.Linear(3, 2), 0.9)
    second.load_state_dict(first.state_dict())
    assert second.steps == 1
    assert all(torch.equal(a, b) for a, b in zip(first.mean, second.mean, strict=True))
