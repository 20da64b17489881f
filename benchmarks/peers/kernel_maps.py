"""Submanifold kernel maps with numpy: one searchsorted per kernel offset over sorted linear indices."""

import numpy as np


def submanifold(arrays, coords, shape, kernel):
    c = arrays[coords].numpy().astype(np.int64)

    def run():
        linear = (c[:, 0] * shape[1] + c[:, 1]) * shape[2] + c[:, 2]
        order = np.argsort(linear, kind="stable")
        keys = linear[order]
        input_of = np.full((len(c), kernel[0] * kernel[1] * kernel[2]), -1, dtype=np.int32)
        tap = 0
        for i in range(kernel[0]):
            for j in range(kernel[1]):
                for k in range(kernel[2]):
                    n = c + np.array([i - kernel[0] // 2, j - kernel[1] // 2, k - kernel[2] // 2])
                    inside = ((n >= 0) & (n < np.array(shape))).all(1)
                    wanted = (n[:, 0] * shape[1] + n[:, 1]) * shape[2] + n[:, 2]
                    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
                    found = inside & (keys[at] == wanted)
                    input_of[found, tap] = order[at[found]]
                    tap += 1
        return (input_of >= 0).sum(dtype=np.float64)

    return run
