"""Cylinder3D over the same weights and kernel maps, in plain PyTorch."""

import torch
import torch.nn.functional as F

from products import convolve, pairs_of


class Net:
    def __init__(self, arrays, weights, levels, segments, points, training):
        self.training = training
        self.value = {}
        self.taps = {}
        for name in weights:
            tensor = arrays[f"w:{name}"]
            learns = training and not name.endswith((".mean", ".variance"))
            if tensor.dim() == 3:
                # One leaf per tap: see convolve.
                self.taps[name] = [t.clone().requires_grad_(learns) for t in tensor.unbind(0)]
            else:
                self.value[name] = tensor.clone().requires_grad_(learns)
        self.levels = []
        for number, names in enumerate(levels):
            level = {}
            for name in names:
                table = arrays[f"map:{number}:{name}"]
                level[name] = (pairs_of(table), table.shape[0])
            if "down" in level:
                # The inverse convolution swaps the roles of the rows.
                rows = arrays[f"map:{number}:3x3x3"].shape[0]
                level["inverse"] = ([(i, o) for o, i in level["down"][0]], rows)
            self.levels.append(level)
        self.segment_of = arrays[segments].long()
        self.points = arrays[points]
        self.voxels = self.levels[0]["3x3x3"][1]

    def parameters(self):
        tensors = list(self.value.values()) + [tap for taps in self.taps.values() for tap in taps]
        return [t for t in tensors if t.requires_grad]

    def norm(self, x, name):
        v = self.value
        if self.training:
            return F.batch_norm(x, None, None, v[f"{name}.weight"], v[f"{name}.bias"], True, 0.1, 1e-5)
        mean, variance = v[f"{name}.mean"], v[f"{name}.variance"]
        return F.batch_norm(x, mean, variance, v[f"{name}.weight"], v[f"{name}.bias"], False, 0.1, 1e-5)

    def conv(self, x, name, level, kernel):
        pairs, rows = self.levels[level][kernel]
        return convolve(x, self.taps[f"{name}.weight"], pairs, rows)

    def unit(self, x, prefix, index, level, kernel):
        x = self.conv(x, f"{prefix}.conv{index}", level, kernel)
        return self.norm(F.leaky_relu(x, 0.01, inplace=not self.training), f"{prefix}.norm{index}")

    def dense(self, x, name):
        return torch.addmm(self.value[f"{name}.bias"], x, self.value[f"{name}.weight"])

    def encode_points(self):
        x = self.norm(self.points, "point.norm")
        hidden = sum(1 for name in self.value if name.startswith("point.norm") and name.endswith(".weight")) - 1
        for i in range(hidden):
            x = torch.relu(self.norm(self.dense(x, f"point.linear{i}"), f"point.norm{i}"))
        x = self.dense(x, f"point.linear{hidden}")
        index = self.segment_of.unsqueeze(1).expand(-1, x.shape[1])
        pooled = x.new_zeros(self.voxels, x.shape[1]).scatter_reduce(0, index, x, "amax", include_self=False)
        return torch.relu(self.dense(pooled, "point.compress"))

    def asymmetric(self, x, prefix, level, first, second):
        a = self.unit(self.unit(x, f"{prefix}.branchA", 0, level, first), f"{prefix}.branchA", 1, level, second)
        b = self.unit(self.unit(x, f"{prefix}.branchB", 0, level, second), f"{prefix}.branchB", 1, level, first)
        return a + b

    def forward(self):
        x = self.asymmetric(self.encode_points(), "context", 0, "1x3x3", "3x1x3")
        skips = []
        for i in range(4):
            skip = self.asymmetric(x, f"down{i + 2}", i, "3x1x3", "1x3x3")
            skips.append(skip)
            x = self.conv(skip, f"down{i + 2}.pool", i, "down")
        kept = [x]
        for i in range(4):
            level = 3 - i
            x = self.unit(x, f"up{i}", "Transform", level + 1, "3x3x3")
            x = self.conv(x, f"up{i}.inverse", level, "inverse") + skips[level]
            for index, kernel in enumerate(["1x3x3", "3x1x3", "3x3x3"]):
                x = self.unit(x, f"up{i}", index, level, kernel)
            kept.insert(0, x)
        gates = 0
        for i, kernel in enumerate(["3x1x1", "1x3x1", "1x1x3"]):
            gates = gates + torch.sigmoid(self.norm(self.conv(x, f"refine.conv{i}", 0, kernel), f"refine.norm{i}"))
        refined = torch.cat([gates * x, x], 1)
        logits = self.conv(refined, "logits", 0, "3x3x3") + self.value["logits.bias"]
        return logits, [refined, *kept[1:]]


def inference(arrays, **arguments):
    net = Net(arrays, training=False, **arguments)

    def run():
        with torch.no_grad():
            return net.forward()[0]

    return run
