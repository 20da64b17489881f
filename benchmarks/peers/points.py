"""The point encoder, in plain PyTorch."""

import torch
import torch.nn.functional as F


def encode_case(arrays, points, segments, voxels, layers, training):
    """layers: names of [gamma, beta, weight, bias, mean, variance]; runs forward and, in training, backward."""
    x = arrays[points]
    segment_of = arrays[segments].long()
    parameters = [[arrays[name].clone().requires_grad_(training and i < 4) for i, name in enumerate(layer)] for layer in layers]

    def forward():
        h = x
        for number, (gamma, beta, weight, bias, mean, variance) in enumerate(parameters):
            if training:
                h = F.batch_norm(h, None, None, gamma, beta, True, 0.1, 1e-5)
            else:
                h = F.batch_norm(h, mean, variance, gamma, beta, False, 0.1, 1e-5)
            h = torch.addmm(bias, F.relu(h) if number > 0 else h, weight)
        start = torch.full((voxels, h.shape[1]), -torch.inf)
        return start.scatter_reduce(0, segment_of[:, None].expand_as(h), h, "amax")

    def run():
        if not training:
            with torch.no_grad():
                return forward()
        y = forward()
        y.sum().backward()
        for layer in parameters:
            for tensor in layer:
                tensor.grad = None
        return y

    return run
