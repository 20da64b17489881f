"""Sparse convolution with libraries made for it, over the same voxels and weights. CUDA alone.

Written from the libraries' documentation and not tried where they are installed: the caller compares values before it times.
"""

import torch


def run_of(convolve, features, parameters, backward):
    if not backward:

        def forward():
            with torch.no_grad():
                return convolve()

        return forward

    def both():
        y = convolve()
        torch.autograd.grad(y, [features, *parameters], torch.ones_like(y))
        return y

    return both


def spconv(arrays, x, w, coords, shape, kernel, backward):
    import spconv.pytorch as sparse

    features = arrays[x].clone().requires_grad_(backward)
    weights = arrays[w]
    taps, depth, columns = weights.shape
    layer = sparse.SubMConv3d(depth, columns, kernel, bias=False, indice_key="map").to(features.device)
    with torch.no_grad():
        # [k0, k1, k2, in, out] to [out, k0, k1, k2, in].
        layer.weight.copy_(weights.reshape(*kernel, depth, columns).permute(4, 0, 1, 2, 3).contiguous())
    voxels = arrays[coords].int()
    indices = torch.cat([voxels.new_zeros(voxels.shape[0], 1), voxels], 1).contiguous()
    start = sparse.SparseConvTensor(features.detach(), indices, list(shape), 1)
    layer(start)  # builds the rulebook, which stays with the tensor
    return run_of(lambda: layer(start.replace_feature(features)).features, features, [layer.weight], backward)


def torchsparse(arrays, x, w, coords, shape, kernel, backward):
    import torchsparse
    import torchsparse.nn

    features = arrays[x].clone().requires_grad_(backward)
    weights = arrays[w]
    taps, depth, columns = weights.shape
    layer = torchsparse.nn.Conv3d(depth, columns, list(kernel), bias=False).to(features.device)
    with torch.no_grad():
        # Its taps run along the first axis fastest, ours along the last.
        ordered = weights.reshape(*kernel, depth, columns).permute(2, 1, 0, 3, 4).reshape(taps, depth, columns)
        layer.kernel.copy_(ordered.reshape(layer.kernel.shape))
    voxels = arrays[coords].int()
    indices = torch.cat([voxels.new_zeros(voxels.shape[0], 1), voxels], 1).contiguous()
    start = torchsparse.SparseTensor(features.detach(), indices)
    layer(start)  # builds the map, which stays in the tensor's caches

    def convolve():
        tensor = torchsparse.SparseTensor(features, indices)
        tensor._caches = start._caches
        return layer(tensor).feats

    return run_of(convolve, features, [layer.kernel], backward)
