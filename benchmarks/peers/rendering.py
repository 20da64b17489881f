"""Voxel sampling and volume rendering over packed rays, with gradients."""

import torch


def sample(features, indices, weights):
    """features [V, C], indices and weights [S, corners]; an index of -1 adds nothing."""
    found = features.index_select(0, indices.clamp(min=0).reshape(-1).long())
    return (found.reshape(*indices.shape, -1) * (weights * (indices >= 0)).unsqueeze(-1)).sum(1)


def composite(density, values, ray_of, first, t, delta, rays):
    """Packed compositing: transmittance from a cumulative sum that restarts at every ray."""
    optical = density * delta
    total = torch.cumsum(optical.double(), 0)
    before = total - optical.double()
    transmittance = torch.exp(-(before - before[first][ray_of])).float()
    weights = transmittance * (1 - torch.exp(-optical))
    out = values.new_zeros(rays, values.shape[1]).index_add(0, ray_of, weights.unsqueeze(1) * values)
    opacity = values.new_zeros(rays).index_add(0, ray_of, weights)
    depth = values.new_zeros(rays).index_add(0, ray_of, weights * t)
    return out, opacity, depth, weights


def packed(ray_offsets):
    """Ray of every sample, and the first sample of every ray (of some sample, where a ray has none)."""
    counts = (ray_offsets[1:] - ray_offsets[:-1]).long()
    ray_of = torch.repeat_interleave(torch.arange(len(counts)), counts)
    return ray_of, ray_offsets[:-1].long().clamp(max=max(int(ray_offsets[-1]) - 1, 0))


def sample_case(arrays, features, indices, weights):
    x = arrays[features].clone().requires_grad_()
    i, w = arrays[indices], arrays[weights]
    dy = torch.ones(i.shape[0], x.shape[1])

    def run():
        y = sample(x, i, w)
        torch.autograd.grad(y, [x], dy)
        return y

    return run


def composite_case(arrays, density, values, offsets, t, delta):
    d, v = arrays[density].clone().requires_grad_(), arrays[values].clone().requires_grad_()
    rays = len(arrays[offsets]) - 1
    ray_of, first = packed(arrays[offsets])
    dy = torch.ones(rays, v.shape[1])

    def run():
        out, opacity, depth, _ = composite(d, v, ray_of, first, arrays[t], arrays[delta], rays)
        torch.autograd.grad([out, opacity, depth], [d, v], [dy, torch.ones(rays), torch.ones(rays)])
        return out

    return run
