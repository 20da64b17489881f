"""Matrix product (the machine's ceiling) and sparse convolution: gather, mm, index_add per kernel offset."""

import torch


def sgemm(arrays, size):
    a, b = torch.randn(size, size), torch.randn(size, size)
    out = torch.empty(size, size)
    return lambda: torch.mm(a, b, out=out)


def pairs_of(input_of):
    """Per tap the output rows and input rows that meet; input_of is [rows, taps] with -1 for none."""
    pairs = []
    for tap in range(input_of.shape[1]):
        column = input_of[:, tap]
        out = torch.nonzero(column >= 0).reshape(-1)
        pairs.append((out, column[out].long()))
    return pairs


def convolve(x, weights, pairs, rows):
    """weights: one [in, out] tensor per tap, so that a gradient never touches the other taps."""
    y = x.new_zeros(rows, weights[0].shape[1])
    for w, (out, source) in zip(weights, pairs):
        if out.numel() > 0:
            y.index_add_(0, out, torch.mm(x.index_select(0, source), w))
    return y


def sparse_conv(arrays, x, w, map, backward):
    pairs = pairs_of(arrays[map])
    rows = arrays[map].shape[0]
    source = arrays[x]
    taps = list(arrays[w].unbind(0))
    if not backward:

        def forward():
            with torch.no_grad():
                return convolve(source, taps, pairs, rows)

        return forward
    source = source.clone().requires_grad_()
    taps = [tap.clone().requires_grad_() for tap in taps]
    dy = torch.ones(rows, taps[0].shape[1])

    def both():
        y = convolve(source, taps, pairs, rows)
        torch.autograd.grad(y, [source, *taps], dy, allow_unused=True)
        return y

    return both


def linear_norm_relu(arrays, rows, depth, columns):
    """One layer of the point encoder in training: linear, batch norm, ReLU, forward and backward."""
    x = torch.randn(rows, depth, requires_grad=True)
    layer, norm = torch.nn.Linear(depth, columns), torch.nn.BatchNorm1d(columns)
    dy = torch.ones(rows, columns)

    def run():
        y = torch.relu(norm(layer(x)))
        torch.autograd.grad(y, [x, *layer.parameters(), *norm.parameters()], dy)
        return y

    return run


def product(arrays, a, b):
    x, y = arrays[a], arrays[b]
    return lambda: torch.mm(x, y)
