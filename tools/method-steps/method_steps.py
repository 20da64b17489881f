"""One training step of a method, in PyTorch and double precision: teachers, losses, gradients.

  python3 method_steps.py FOLDER    reads case.json and the raw arrays of write.mjs, prints losses and gradients

Of each gradient: how large it is, what it sums to, and some of its values.
"""

import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../benchmarks/peers"))
from cylinder3d import Net  # noqa: E402
from rendering import packed, sample  # noqa: E402
from train_step import lovasz  # noqa: E402

torch.set_default_dtype(torch.float64)


class Case:
    def __init__(self, folder):
        with open(os.path.join(folder, "case.json")) as file:
            described = json.load(file)
        self.method = described["method"]
        self.settings = described["settings"]
        self.ramp = described["ramp"]
        self.kinds = described["kinds"]
        self.arrays = {}
        for entry in described["arrays"]:
            values = np.fromfile(os.path.join(folder, entry["file"]), dtype=entry["dtype"])
            tensor = torch.from_numpy(values.reshape(entry["shape"]))
            self.arrays[entry["name"]] = tensor.double() if tensor.is_floating_point() else tensor.long()

    def __getitem__(self, name):
        return self.arrays[name]

    def get(self, name):
        return self.arrays.get(name)

    def below(self, prefix):
        return {k[len(prefix) :]: v for k, v in self.arrays.items() if k.startswith(prefix)}

    def net(self, weights, plan, training):
        """A network over a plan of scans."""
        values = self.below(f"{weights}/")
        maps = self.below(f"{plan}/map/")
        arrays = {f"w:{name}": tensor for name, tensor in values.items()}
        levels = [[] for _ in range(5)]
        for key, table in maps.items():
            level, name = key.split("/")
            arrays[f"map:{level}:{name}"] = table
            levels[int(level)].append(name)
        arrays["segments"] = self[f"{plan}/segments"]
        arrays["points"] = self[f"{plan}/points"]
        return Net(arrays, list(values), levels, "segments", "points", training)

    def probabilities(self, weights, plan):
        with torch.no_grad():
            return torch.softmax(self.net(weights, plan, False).forward()[0], 1)


def entropy_loss(log_probabilities, labels, class_weights, extra=None):
    weights = class_weights[labels] * (labels > 0)
    if extra is not None:
        weights = weights * extra
    picked = -log_probabilities[torch.arange(len(labels)), labels]
    return (weights * picked).sum() / weights.sum()


def labelled_loss(case, logits, labels):
    loss = entropy_loss(F.log_softmax(logits, 1), labels, case["classWeights"])
    return loss + case.settings["lovaszWeight"] * lovasz(torch.softmax(logits, 1), labels)


def best(scores):
    return scores[:, 1:].argmax(1) + 1


def majority(voxel_of_point, labels, voxels, classes=4):
    """Class of each voxel: most votes, ties to the lowest; points of class 0 do not vote."""
    votes = torch.zeros(voxels, classes, dtype=torch.long)
    for voxel, label in zip(voxel_of_point.tolist(), labels.tolist()):
        if voxel >= 0 and label > 0:
            votes[voxel, label] += 1
    # numpy's argmax gives the first of equal ones, without votes 0.
    return torch.from_numpy(votes.numpy().argmax(1))


def of_points(voxel_of_point, classes):
    return torch.where(voxel_of_point >= 0, classes[voxel_of_point.clamp(min=0)], torch.zeros_like(voxel_of_point))


def rows_of(case, scan):
    offsets = case["batch/scanOffsets"].tolist()
    return offsets[scan], offsets[scan + 1]


def consistency_targets(case):
    """The averaged network's probabilities of each frame of the step, as the student sees it."""
    return [case.probabilities("averaged", f"scan/{i}/seen") for i, k in enumerate(case.kinds) if k != "mixed"]


def mixed_labels(case, targets):
    """Labels of mixed scans from where their points came from; 0 for the voxels of all others."""
    voxels = len(case["labels"])
    labels = torch.zeros(voxels, dtype=torch.long)
    unlabelled = case.kinds.index("unlabelled")
    confidence = targets[unlabelled][:, 1:].max(1).values
    classes = best(targets[unlabelled]) * (confidence >= case.settings["pseudoThreshold"])
    pseudo = of_points(case[f"scan/{unlabelled}/voxelOfPoint"], classes)
    masked = case.get(f"scan/{unlabelled}/maskedPoints")
    if masked is not None:
        pseudo = torch.where(masked > 0, masked, pseudo)
    sources = [case["scan/0/pointLabels"], pseudo]
    for i, kind in enumerate(case.kinds):
        if kind != "mixed":
            continue
        scan_of = case[f"scan/{i}/scanOfPart"][case[f"scan/{i}/partOfPoint"]]
        rows = case[f"scan/{i}/rowOfPoint"]
        of_point = torch.tensor([int(sources[s][r]) for s, r in zip(scan_of.tolist(), rows.tolist())])
        start, end = rows_of(case, i)
        labels[start:end] = majority(case[f"scan/{i}/voxelOfPoint"], of_point, end - start)
    return labels


def pseudo_voxels(case):
    labels = torch.zeros(len(case["labels"]), dtype=torch.long)
    for i, kind in enumerate(case.kinds):
        if kind != "unlabelled":
            continue
        points = case.get(f"scan/{i}/maskedPoints")
        if case.method == "cbst":
            points = self_training_labels(case, i)
        if points is not None:
            start, end = rows_of(case, i)
            labels[start:end] = majority(case[f"scan/{i}/voxelOfPoint"], points, end - start)
    return labels


def self_training_labels(case, scan):
    """Class-balanced labels of the averaged network, which a round begins with."""
    seen = [case.probabilities("averaged", f"round/{i}") for i in range(2)]
    joined = torch.cat(seen)
    classes = best(joined)
    thresholds = torch.ones(joined.shape[1])
    for c in range(1, joined.shape[1]):
        confident = joined[classes == c, c].sort(descending=True).values
        kept = math.floor(len(confident) * case.settings["selfTrainingLastShare"])
        if kept > 0:
            thresholds[c] = confident[kept - 1]
    of_point = case[f"scan/{scan}/plainVoxelOfPoint"]
    # Which of the round's scans this one is.
    own = next(p for i, p in enumerate(seen) if torch.equal(case[f"round/{i}/segments"], of_point[of_point >= 0]))
    ratios = own / thresholds
    labels = torch.where(ratios[:, 1:].max(1).values >= 1 - 1e-7, best(ratios), torch.zeros(len(own), dtype=torch.long))
    return of_points(of_point, labels)


def render(case, head, logits, features):
    """Density and class probabilities at the samples, composited along the rays."""
    hidden = case["rays/extras"] @ head["trunk.extras"] + head["trunk.bias"]
    for level, feature in enumerate(features):
        sampled = sample(feature, case[f"rays/indices/{level}"], case[f"rays/weights/{level}"])
        hidden = hidden + sampled @ head[f"trunk.level{level}"]
    hidden = torch.relu(hidden)
    hidden = torch.relu(hidden @ head["trunk.layer1.weight"] + head["trunk.layer1.bias"])
    density = torch.exp(hidden @ head["density.weight"] + head["density.bias"]).reshape(-1)
    own = hidden @ head["classes.weight"] + head["classes.bias"]
    semantics = own + sample(logits, case["rays/indices/0"], case["rays/weights/0"])
    probabilities = torch.softmax(semantics[:, 1:], 1)
    named = probabilities.shape[1]
    rays = len(case["rays/offsets"]) - 1
    ray_of, _ = packed(case["rays/offsets"])
    optical = density * case["rays/delta"]
    # Light that is left before a sample: what the samples of its ray before it let through, ray by ray.
    weights = []
    offsets = case["rays/offsets"].tolist()
    for start, end in zip(offsets, offsets[1:]):
        own_optical = optical[start:end]
        before = torch.cumsum(own_optical, 0) - own_optical
        weights.append(torch.exp(-before) * (1 - torch.exp(-own_optical)))
    weights = torch.cat(weights)
    values = torch.zeros(rays, named).index_add(0, ray_of, weights.unsqueeze(1) * probabilities)
    opacity = torch.zeros(rays).index_add(0, ray_of, weights)
    mean = (values + 1e-4 / named) / (opacity.unsqueeze(1) + 1e-4)
    logs = torch.cat([torch.full((rays, 1), -100.0), torch.log(mean + 1e-7)], 1)
    return density, opacity, F.log_softmax(logs, 1)


def density_loss(case, density):
    """A pulse passes the free space before its return, and ends in the window around it."""
    ray_of, _ = packed(case["rays/offsets"])
    t, delta, distance = case["rays/t"], case["rays/delta"], case["rays/range"]
    window = torch.clamp(0.15 + 0.012 * distance, min=0.3)
    ahead = distance[ray_of] - t
    at = ahead.abs() <= torch.maximum(window[ray_of], delta / 2)
    before = (ahead > 0) & ~at
    rays = len(distance)
    zeros = torch.zeros(rays)
    passed = zeros.index_add(0, ray_of, density * delta * before).clamp(max=8)
    stopped = zeros.index_add(0, ray_of, density * delta * at)
    reached = zeros.index_add(0, ray_of, delta * at) > 0
    counts = reached & (distance > 0)
    costs = passed - torch.log(1 - torch.exp(-(stopped + 1e-3)))
    return costs[counts].mean()


def free_loss(case, opacity):
    free = case["rays/free"] > 0
    return (-torch.log(1 + math.exp(-8) - opacity)).clamp(max=8)[free].mean()


def step(case):
    """Terms with their weights, and the parameters by name."""
    s, ramp = case.settings, case.ramp
    student = case.net("network", "batch", True)
    logits, features = student.forward()
    ones = torch.ones(logits.shape[1])
    nets = {"network": student}
    terms = {"labels": (1, labelled_loss(case, logits, case["labels"]))}
    masked = ("projection", "nerf", "nerf-mean-teacher", "nerf-lasermix")
    viewed = ("multi-view", "multi-view-lasermix")
    if case.method in (*masked, *viewed, "cbst"):
        pseudo = pseudo_voxels(case)
        loss = entropy_loss(F.log_softmax(logits, 1), pseudo, case["classWeights"])
        terms["pseudoVoxels"] = (s["pseudoPointWeight"] * ramp, loss)
    head = {name: value.clone().requires_grad_() for name, value in case.below("head/").items()}
    if head:
        density, opacity, logs = render(case, head, logits, features)
        terms["nerf"] = (s["nerfWeight"], entropy_loss(logs, case["rays/classes"], ones))
        terms["density"] = (s["densityWeight"], density_loss(case, density))
        terms["freeSpace"] = (s["densityWeight"], free_loss(case, opacity))
        loss = entropy_loss(logs, case["rays/pseudoClasses"], case["classWeights"], case["rays/pseudoWeights"])
        terms["pseudo"] = (s["pseudoWeight"] * ramp, loss)
    if case.method in ("mean-teacher", "lasermix", "multi-view-lasermix", "nerf-mean-teacher", "nerf-lasermix"):
        targets = consistency_targets(case)
        target = torch.cat(targets)
        own = torch.softmax(logits, 1)[: len(target)]
        terms["consistency"] = (s["consistencyWeight"] * ramp, F.mse_loss(own, target))
        if "mixed" in case.kinds:
            loss = labelled_loss(case, logits, mixed_labels(case, targets))
            terms["mixed"] = (s["mixWeight"] * ramp, loss)
    if case.method == "cps":
        peer = case.net("peer", "batch", True)
        nets["peer"] = peer
        other = peer.forward()[0]
        terms["peerLabels"] = (1, labelled_loss(case, other, case["labels"]))
        weight = s["crossWeight"] * ramp
        terms["cross"] = (weight, entropy_loss(F.log_softmax(logits, 1), best(other.detach()), case["classWeights"]))
        terms["peerCross"] = (weight, entropy_loss(F.log_softmax(other, 1), best(logits.detach()), case["classWeights"]))
    return terms, nets, head


def gradients_of(nets, head):
    found = {}
    for prefix, net in nets.items():
        for name, value in net.value.items():
            if value.grad is not None:
                found[f"{prefix}/{name}"] = value.grad
        for name, taps in net.taps.items():
            if any(tap.grad is not None for tap in taps):
                parts = [torch.zeros_like(tap) if tap.grad is None else tap.grad for tap in taps]
                found[f"{prefix}/{name}"] = torch.stack(parts)
    for name, value in head.items():
        if value.grad is not None:
            found[f"head/{name}"] = value.grad
    return found


def digits(value):
    return float(f"{value:.5e}")


def summary(gradient):
    flat = gradient.reshape(-1)
    stride = max(1, len(flat) // 8)
    return {
        "size": len(flat),
        "norm": digits(flat.norm().item()),
        "sum": digits(flat.sum().item()),
        "every": stride,
        "values": [digits(v) for v in flat[::stride].tolist()],
    }


def main():
    case = Case(sys.argv[1])
    terms, nets, head = step(case)
    total = sum(weight * loss for weight, loss in terms.values())
    total.backward()
    losses = {name: loss.item() for name, (_, loss) in terms.items()}
    gradients = {name: summary(g) for name, g in gradients_of(nets, head).items()}
    print(json.dumps({"losses": {"total": total.item(), **losses}, "gradients": gradients}))


main()
