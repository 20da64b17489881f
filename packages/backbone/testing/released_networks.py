"""Cylinder3D in PyTorch with the module names of its authors' repository and of mmdetection3d, over an emulated spconv.

The sparse library is written down from its documented behaviour, slowly: a rulebook per indice key (the first layer of a key builds it,
later ones reuse it, whatever their own kernel), taps in row-major order, output o reading input o * stride - padding + tap.
"""

import itertools

import torch
from torch import nn


class Sites:
    """Occupied cells of one level, and the rulebooks of its tensor."""

    def __init__(self, cells, shape):
        self.cells = cells
        self.shape = shape
        self.row = {cell: n for n, cell in enumerate(cells)}


def taps(kernel):
    return list(itertools.product(*(range(k) for k in kernel)))


def submanifold_rules(sites, kernel):
    padding = [k // 2 for k in kernel]
    rules = []
    for tap in taps(kernel):
        pairs = []
        for o, cell in enumerate(sites.cells):
            i = sites.row.get(tuple(c - p + t for c, p, t in zip(cell, padding, tap)))
            if i is not None:
                pairs.append((i, o))
        rules.append(pairs)
    return rules


def strided_rules(sites, kernel, stride, padding):
    shape = [(n + 2 * padding - k) // s + 1 for n, k, s in zip(sites.shape, kernel, stride)]
    reached = []
    for t, tap in enumerate(taps(kernel)):
        for i, cell in enumerate(sites.cells):
            over = [c + padding - d for c, d in zip(cell, tap)]
            if any(v % s for v, s in zip(over, stride)):
                continue
            out = tuple(v // s for v, s in zip(over, stride))
            if all(0 <= v < n for v, n in zip(out, shape)):
                reached.append((t, i, out))
    coarse = Sites(sorted({out for _, _, out in reached}), shape)
    rules = [[] for _ in taps(kernel)]
    for t, i, out in reached:
        rules[t].append((i, coarse.row[out]))
    return coarse, rules


class SparseTensor:
    def __init__(self, features, sites, rulebooks):
        self.features = features
        self.sites = sites
        self.rulebooks = rulebooks

    def replace(self, features, sites=None):
        return SparseTensor(features, sites or self.sites, self.rulebooks)


class Conv(nn.Module):
    """kind: 'subm', 'down' or 'inverse'. layout: 'spconv1' [r,p,z,in,out], 'spconv2' [out,r,p,z,in], 'spconv2-native' [r,p,z,out,in]."""

    def __init__(self, layout, kind, inputs, outputs, kernel, key, stride=(1, 1, 1), bias=False):
        super().__init__()
        shape = {
            "spconv1": (*kernel, inputs, outputs),
            "spconv2": (outputs, *kernel, inputs),
            "spconv2-native": (*kernel, outputs, inputs),
        }[layout]
        self.layout, self.kind, self.kernel, self.key, self.stride = layout, kind, kernel, key, stride
        self.inputs, self.outputs = inputs, outputs
        self.weight = nn.Parameter(torch.empty(shape))
        if bias:
            self.bias = nn.Parameter(torch.empty(outputs))
        else:
            self.register_parameter("bias", None)

    def filters(self):
        if self.layout == "spconv2":
            return self.weight.permute(1, 2, 3, 4, 0).reshape(-1, self.inputs, self.outputs)
        if self.layout == "spconv2-native":
            return self.weight.transpose(3, 4).reshape(-1, self.inputs, self.outputs)
        return self.weight.view(-1, self.inputs, self.outputs)

    def forward(self, x):
        sites = x.sites
        if self.kind == "inverse":
            sites, rules = x.rulebooks[self.key]
            rules = [[(o, i) for i, o in pairs] for pairs in rules]
        elif self.kind == "down":
            coarse, rules = strided_rules(x.sites, self.kernel, self.stride, 1)
            x.rulebooks[self.key] = (x.sites, rules)
            sites = coarse
        else:
            if self.key not in x.rulebooks:
                x.rulebooks[self.key] = (self.kernel, submanifold_rules(x.sites, self.kernel))
            built_for, rules = x.rulebooks[self.key]
            # spconv 2 refuses to reuse a rulebook of another kernel; spconv 1 does not look.
            assert self.layout == "spconv1" or built_for == self.kernel
        y = torch.zeros(len(sites.cells), self.outputs)
        filters = self.filters()
        for t, pairs in enumerate(rules):
            if pairs:
                source, target = torch.tensor(pairs).unbind(1)
                y.index_add_(0, target, x.features[source] @ filters[t])
        return x.replace(y if self.bias is None else y + self.bias, sites)


A, B, CUBE = (1, 3, 3), (3, 1, 3), (3, 3, 3)


class Names:
    """Module names of one of the two code bases."""

    def __init__(self, naming):
        own = naming == "cylinder3d"
        self.block = (
            [("conv1", "bn0"), ("conv1_2", "bn0_2"), ("conv2", "bn1"), ("conv3", "bn2")]
            if own
            else [(f"conv{i}_{j}", f"bn{i}_{j}") for i in range(2) for j in range(2)]
        )
        self.transform = ("trans_dilao", "trans_bn") if own else ("trans_conv", "trans_bn")
        self.refine = (
            [("conv1", "bn0"), ("conv1_2", "bn0_2"), ("conv1_3", "bn0_3")]
            if own
            else [(f"conv{i}", f"bn{i}") for i in (1, 2, 3)]
        )


def leaky(x):
    return nn.functional.leaky_relu(x, 0.01)


class Block(nn.Module):
    """Two branches of two convolutions each; `stride` adds the pooling convolution."""

    def __init__(self, names, layout, inputs, outputs, first, key, stride=None, misspelt=False):
        super().__init__()
        self.names, self.misspelt, self.pooling = names, misspelt, stride is not None
        second = B if first == A else A
        kernels = [first, second, second, first]
        for n, (conv, norm) in enumerate(names.block):
            own_key = f"{key}bef" if layout == "spconv1" else f"{key}bef{n + 1}"
            width = inputs if n % 2 == 0 else outputs
            self.add_module(conv, Conv(layout, "subm", width, outputs, kernels[n], own_key))
            self.add_module(norm, nn.BatchNorm1d(outputs))
        if stride is not None:
            self.pool = Conv(layout, "down", outputs, outputs, CUBE, key, stride)

    def unit(self, x, n):
        conv, norm = (getattr(self, name) for name in self.names.block[n])
        x = conv(x)
        features = leaky(x.features)
        # The authors' code for spconv 2 normalises here too, into a variable that nothing reads.
        return x.replace(features if self.misspelt and n == 2 else norm(features))

    def forward(self, x):
        a = self.unit(self.unit(x, 0), 1)
        b = self.unit(self.unit(x, 2), 3)
        total = a.replace(a.features + b.features)
        return (self.pool(total), total) if self.pooling else total


class Up(nn.Module):
    def __init__(self, names, layout, inputs, outputs, key, up_key):
        super().__init__()
        self.transform = names.transform
        self.add_module(self.transform[0], Conv(layout, "subm", inputs, outputs, CUBE, f"{key}new_up"))
        self.add_module(self.transform[1], nn.BatchNorm1d(outputs))
        for n, kernel in enumerate([A, B, CUBE]):
            own_key = key if layout == "spconv1" else f"{key}up{n + 1}"
            self.add_module(f"conv{n + 1}", Conv(layout, "subm", outputs, outputs, kernel, own_key))
            self.add_module(f"bn{n + 1}", nn.BatchNorm1d(outputs))
        self.up_subm = Conv(layout, "inverse", outputs, outputs, CUBE, up_key)

    def forward(self, x, skip):
        x = getattr(self, self.transform[0])(x)
        x = self.up_subm(x.replace(getattr(self, self.transform[1])(leaky(x.features))))
        x = x.replace(x.features + skip.features)
        for n in (1, 2, 3):
            x = getattr(self, f"conv{n}")(x)
            x = x.replace(getattr(self, f"bn{n}")(leaky(x.features)))
        return x


class Refine(nn.Module):
    def __init__(self, names, layout, width, key):
        super().__init__()
        self.names = names.refine
        for n, ((conv, norm), kernel) in enumerate(zip(self.names, [(3, 1, 1), (1, 3, 1), (1, 1, 3)])):
            own_key = f"{key}bef" if layout == "spconv1" else f"{key}bef{n + 1}"
            self.add_module(conv, Conv(layout, "subm", width, width, kernel, own_key))
            self.add_module(norm, nn.BatchNorm1d(width))

    def forward(self, x):
        gates = sum(torch.sigmoid(getattr(self, norm)(getattr(self, conv)(x).features)) for conv, norm in self.names)
        return x.replace(gates * x.features)


STRIDES = [(2, 2, 2), (2, 2, 2), (2, 2, 1), (2, 2, 1)]


def unet(naming, layout, inputs, width, misspelt):
    names = Names(naming)
    down = [
        Block(names, layout, width << n, width << (n + 1), B, f"down{n}", STRIDES[n]) for n in range(4)
    ]
    up = [
        Up(names, layout, 16 * width if n == 3 else width << (n + 2), width << (n + 1), f"up{n}", f"down{n}")
        for n in range(4)
    ]
    return Block(names, layout, inputs, width, A, "pre", misspelt=misspelt), down, up, Refine(
        names, layout, 2 * width, "recon"
    )


def run_unet(context, down, up, refine, x):
    x = context(x)
    skips = []
    for block in down:
        x, skip = block(x)
        skips.append(skip)
    for n in (3, 2, 1, 0):
        x = up[n](x, skips[n])
    refined = refine(x)
    return refined.replace(torch.cat([refined.features, x.features], 1))


def pooled(features, voxel_of_point, voxels):
    index = voxel_of_point.unsqueeze(1).expand_as(features)
    return features.new_zeros(voxels, features.shape[1]).scatter_reduce(0, index, features, "amax", include_self=False)


class Authors(nn.Module):
    """xinge008/Cylinder3D's cylinder_asym."""

    def __init__(self, layout, width, classes, point_widths, inputs=16, misspelt=False):
        super().__init__()
        layers, last = [nn.BatchNorm1d(9)], 9
        for size in point_widths:
            layers += [nn.Linear(last, size), nn.BatchNorm1d(size), nn.ReLU()]
            last = size
        points = nn.Module()
        points.PPmodel = nn.Sequential(*layers, nn.Linear(last, last))
        points.fea_compression = nn.Sequential(nn.Linear(last, inputs), nn.ReLU())
        self.cylinder_3d_generator = points
        seg = nn.Module()
        seg.downCntx, down, up, seg.ReconNet = unet("cylinder3d", layout, inputs, width, misspelt)
        for n in range(4):
            seg.add_module(f"resBlock{n + 2}", down[n])
        for n in range(4):
            seg.add_module(f"upBlock{n}", up[3 - n])
        seg.logits = Conv(layout, "subm", 4 * width, classes, CUBE, "logit", bias=True)
        self.cylinder_3d_spconv_seg = seg

    def forward(self, points, voxel_of_point, sites):
        encoder, seg = self.cylinder_3d_generator, self.cylinder_3d_spconv_seg
        features = pooled(encoder.PPmodel(points), voxel_of_point, len(sites.cells))
        x = SparseTensor(encoder.fea_compression(features), sites, {})
        down = [getattr(seg, f"resBlock{n + 2}") for n in range(4)]
        up = [getattr(seg, f"upBlock{3 - n}") for n in range(4)]
        return seg.logits(run_unet(seg.downCntx, down, up, seg.ReconNet, x)).features


class Mmdetection3d(nn.Module):
    """mmdetection3d's Cylinder3D: SegVFE, Asymm3DSpconv, Cylinder3DHead."""

    def __init__(self, layout, width, classes, point_widths, inputs=16):
        super().__init__()
        encoder, last = nn.Module(), 9
        encoder.pre_norm = nn.BatchNorm1d(9)
        encoder.vfe_layers = nn.ModuleList()
        for size in point_widths:
            encoder.vfe_layers.append(nn.Sequential(nn.Linear(last, size), nn.BatchNorm1d(size), nn.ReLU()))
            last = size
        encoder.vfe_layers.append(nn.Linear(last, last))
        encoder.compression_layers = nn.Sequential(nn.Linear(last, inputs), nn.ReLU())
        self.voxel_encoder = encoder
        backbone = nn.Module()
        backbone.down_context, down, up, backbone.ddcm = unet("mmdetection3d", layout, inputs, width, False)
        backbone.down_block_list = nn.ModuleList(down)
        backbone.up_block_list = nn.ModuleList(up)
        self.backbone = backbone
        self.decode_head = nn.Module()
        self.decode_head.conv_seg = Conv(layout, "subm", 4 * width, classes, CUBE, "logit", bias=True)

    def forward(self, points, voxel_of_point, sites):
        encoder, backbone = self.voxel_encoder, self.backbone
        x = encoder.pre_norm(points)
        for layer in encoder.vfe_layers:
            x = layer(x)
        features = encoder.compression_layers(pooled(x, voxel_of_point, len(sites.cells)))
        x = SparseTensor(features, sites, {})
        x = run_unet(backbone.down_context, list(backbone.down_block_list), list(backbone.up_block_list), backbone.ddcm, x)
        return self.decode_head.conv_seg(x).features
