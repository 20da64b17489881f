"""Writes the checkpoints of this package's tests with PyTorch itself, and what PyTorch computes with them.

    python3 make_checkpoints.py                                     # the small ones, into fixtures/
    python3 make_checkpoints.py --out DIR --width 16 --point-widths 64,128,256 --shape 240,180,20 --scan SCAN.bin

Weights are multiples of 1/256 that float16 and bfloat16 hold exactly, so that all formats store the same network.
"""

import argparse
import json
import math
import os
import sys
import types
from collections import OrderedDict

import numpy as np
import torch

from released_networks import Authors, Mmdetection3d, Sites

HERE = os.path.dirname(os.path.abspath(__file__))


def randomize(network, generator):
    def draw(tensor, low, high):
        values = low + (high - low) * torch.rand(tensor.shape, generator=generator)
        # Steps of 1/256 up to 1, of 1/128 above: eight significant bits.
        step = torch.where(values.abs() > 1, 1 / 128, 1 / 256)
        tensor.copy_((values / step).round() * step)

    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("running_mean"):
                draw(tensor, -0.2, 0.2)
            elif name.endswith("running_var"):
                draw(tensor, 0.3, 1)
            elif name.endswith("num_batches_tracked"):
                tensor.fill_(12)
            elif tensor.dim() >= 2:
                fan = tensor.numel() / max(tensor.shape[0], tensor.shape[-1])
                bound = max(0.02, math.sqrt(3 / fan))
                draw(tensor, -bound, bound)
            elif name.endswith("weight"):
                draw(tensor, 0.5, 1.5)
            else:
                draw(tensor, -0.3, 0.3)


def cylinder(points, shape, z):
    """The released code's voxels and point features: dataloader/dataset_semantickitti.py."""
    x, y, height, intensity = points.astype(np.float64).T
    polar = np.stack([np.sqrt(x * x + y * y), np.arctan2(y, x), height], 1)
    low, high = np.array([0, -np.pi, z[0]]), np.array([50, np.pi, z[1]])
    interval = (high - low) / (np.array(shape) - 1)
    cell = np.floor((np.clip(polar, low, high) - low) / interval).astype(int)
    offset = polar - ((cell + 0.5) * interval + low)
    features = np.concatenate([offset, polar, points[:, :2], intensity[:, None]], 1)
    cells, voxel_of_point = np.unique(cell, axis=0, return_inverse=True)
    return [tuple(map(int, c)) for c in cells], voxel_of_point.reshape(-1), features.astype(np.float32)


def made_up_points(rng, full):
    count = 220
    rho, phi = 22 * rng.random(count) ** 0.7, 2 * np.pi * rng.random(count) - np.pi
    points = np.stack([rho * np.cos(phi), rho * np.sin(phi), 4 * rng.random(count) - 3, rng.random(count)], 1)
    points[0, :2], points[1, 2] = [60, 3], 9  # beyond the grid: clamped
    points = points.round(3)
    points[:, 3] = (points[:, 3] * 255).round() / 255 * full
    return points.astype(np.float32)


class HistoryBuffer:
    """Stands in for mmengine's, which training checkpoints hold."""

    def __init__(self):
        self._log_history = np.arange(4.0)


def mmengine_history():
    module = types.ModuleType("mmengine.logging.history_buffer")
    HistoryBuffer.__module__, HistoryBuffer.__qualname__ = module.__name__, "HistoryBuffer"
    module.HistoryBuffer = HistoryBuffer
    for name in ("mmengine", "mmengine.logging"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules[module.__name__] = module
    return HistoryBuffer()


def converted(state, dtype):
    """A state dictionary with its floating-point tensors in another type, `_metadata` kept."""
    result = OrderedDict((k, v.to(dtype) if v.is_floating_point() else v) for k, v in state.items())
    result._metadata = state._metadata
    return result


def cases(options):
    size = dict(width=options.width, point_widths=options.point_widths)
    authors = lambda layout, classes, **more: Authors(layout, classes=classes, **size, **more)
    plain = lambda state: state
    wrapped = lambda state: {
        "meta": {"epoch": 36, "best": np.float64(0.634)},
        "state_dict": converted(state, torch.float16),
        "message_hub": {"log_scalars": OrderedDict(loss=mmengine_history())},
        "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 0.001, "betas": (0.9, 0.999)}]},
    }
    parallel = lambda state: {
        "epoch": 3,
        "model_state_dict": OrderedDict((f"module.{k}", v) for k, v in converted(state, torch.bfloat16).items()),
    }
    halves = lambda state: converted(state, torch.float16)
    return [
        ("authors-spconv1", authors("spconv1", 20), "semantickitti", plain, True),
        ("mmdetection3d-spconv1", Mmdetection3d("spconv1", classes=20, **size), "semantickitti", wrapped, False),
        ("authors-spconv2", authors("spconv2", 17, misspelt=True), "nuscenes", parallel, True),
        ("authors-spconv2-native", authors("spconv2-native", 12), "semantickitti", halves, False),
    ]


def networks(options):
    for number, (name, network, dataset, wrap, as_zip) in enumerate(cases(options)):
        if options.only and name not in options.only:
            continue
        generator = torch.Generator().manual_seed(number)
        randomize(network, generator)
        if name == "authors-spconv2":
            # What the misspelt variable leaves: statistics, but weights that never moved.
            norm = network.cylinder_3d_spconv_seg.downCntx.bn1
            torch.nn.init.ones_(norm.weight), torch.nn.init.zeros_(norm.bias)
        full = 255 if dataset == "nuscenes" else 1
        points = made_up_points(np.random.default_rng(number), full)
        if options.scan:
            points = np.fromfile(options.scan, np.float32).reshape(-1, 4) * np.array([1, 1, 1, full], np.float32)
        if full == 255:
            # A norm that has seen intensities of 0..255.
            state = network.state_dict()
            state["cylinder_3d_generator.PPmodel.0.running_mean"][8] = 20
            state["cylinder_3d_generator.PPmodel.0.running_var"][8] = 400
        z = (-5, 3) if dataset == "nuscenes" else (-4, 2)
        cells, voxel_of_point, features = cylinder(points, options.shape, z)
        network.eval()
        with torch.no_grad():
            sites = Sites(cells, list(options.shape))
            logits = network(torch.from_numpy(features), torch.from_numpy(voxel_of_point), sites)
        path = os.path.join(options.out, f"{name}.pt")
        torch.save(wrap(network.state_dict()), path, _use_new_zipfile_serialization=as_zip)
        expected = {
            "dataset": dataset,
            "shape": options.shape,
            "fullIntensity": full,
            "points": [] if options.scan else [float(f"{v:.7g}") for v in points.reshape(-1)],
            "cells": np.array(cells).reshape(-1).tolist(),
            "logits": [float(f"{v:.7g}") for v in logits.reshape(-1).tolist()],
        }
        with open(os.path.join(options.out, f"{name}.json"), "w") as file:
            json.dump(expected, file, separators=(",", ":"))
        print(f"{name}: {len(cells)} voxels, logits {logits.min():.2f}..{logits.max():.2f}, {os.path.getsize(path)} bytes")


def plain_tensors():
    """Views, shared storages and every type, in both formats and two pickle protocols."""
    base = torch.arange(24, dtype=torch.float32)
    cube = base.reshape(2, 3, 4)
    tensors = OrderedDict(
        whole=cube,
        transposed=cube.permute(2, 0, 1),
        window=cube[:, 1:, 1:3],
        column=cube[1, :, 2],
        parameter=torch.nn.Parameter(torch.tensor([0.5, -2.0])),
        scalar=torch.tensor(7, dtype=torch.int64),
        empty=torch.zeros(0, 3),
        half=torch.tensor([1.5, -0.0, 65504, 6e-8, 2**-14, 0.1]).half(),
        bfloat=torch.tensor([1.5, -0.0, 3e38, 0.1]).bfloat16(),
        double=torch.tensor([[0.1], [1e300]], dtype=torch.float64),
        short=torch.tensor([-32768, 5], dtype=torch.int16),
        byte=torch.tensor([0, 255], dtype=torch.uint8),
        char=torch.tensor([-128, 127], dtype=torch.int8),
        int=torch.tensor([-(2**31)], dtype=torch.int32),
        long=torch.tensor([2**40, -1], dtype=torch.int64)[1:],
        bool=torch.tensor([True, False, True]),
    )
    for name, as_zip, protocol in (("tensors", True, 2), ("tensors-protocol4", True, 4), ("tensors-legacy", False, 2)):
        path = os.path.join(HERE, "fixtures", f"{name}.pt")
        torch.save(tensors, path, pickle_protocol=protocol, _use_new_zipfile_serialization=as_zip)
    wrapped = {"rng_state": torch.arange(5, dtype=torch.uint8), "epoch": 3, "state_dict": OrderedDict(whole=cube, column=cube[1, :, 2])}
    torch.save(wrapped, os.path.join(HERE, "fixtures", "tensors-wrapped.pt"))
    values = {k: {"shape": list(v.shape), "values": v.detach().double().reshape(-1).tolist()} for k, v in tensors.items()}
    with open(os.path.join(HERE, "fixtures", "tensors.json"), "w") as file:
        json.dump(values, file, separators=(",", ":"))


def whole_numbers(text):
    return [int(n) for n in text.split(",")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=os.path.join(HERE, "fixtures"))
    parser.add_argument("--width", type=int, default=1)
    parser.add_argument("--point-widths", type=whole_numbers, default=[6, 8])
    parser.add_argument("--shape", type=whole_numbers, default=[24, 20, 9])
    parser.add_argument("--scan", help="a KITTI .bin file; default: made-up points")
    parser.add_argument("--only", nargs="*", help="names of the networks to write")
    options = parser.parse_args()
    networks(options)
    if options.out == os.path.join(HERE, "fixtures"):
        plain_tensors()
