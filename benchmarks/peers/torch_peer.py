"""The PyTorch side of the benchmarks: answers one JSON request per line on stdin with one JSON line on stdout.

  {"do": "array", "name": N, "file": F, "dtype": "float32"|"int32"|"uint8", "shape": [...]}   loads a raw array
  {"do": "forget", "names": [...]}
  {"do": "prepare", "case": "module.function", "id": I, "arguments": {...}}   builds a callable from loaded arrays
  {"do": "time", "id": I}        -> {"ms": one run}
  {"do": "result", "id": I}      -> {"values": first values of one run's result, "sum": ..., "size": ...}
  {"do": "memory"}               -> {"peak": highest resident size so far, bytes}
"""

import importlib
import json
import resource
import sys
import time

import numpy as np
import torch

arrays = {}
cases = {}


def load(request):
    values = np.fromfile(request["file"], dtype=request["dtype"]).reshape(request["shape"])
    arrays[request["name"]] = torch.from_numpy(values)
    return {}


def prepare(request):
    module, function = request["case"].split(".")
    build = getattr(importlib.import_module(module), function)
    cases[request["id"]] = build(arrays, **request["arguments"])
    return {}


def timed(request):
    run = cases[request["id"]]
    start = time.perf_counter()
    run()
    return {"ms": (time.perf_counter() - start) * 1e3}


def result(request):
    values = cases[request["id"]]()
    values = torch.as_tensor(values).detach().reshape(-1).double()
    return {"values": values[:4096].tolist(), "sum": values.sum().item(), "size": values.numel()}


def forget(request):
    for name in request["names"]:
        arrays.pop(name, None)
        cases.pop(name, None)
    return {}


def memory(_):
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


handlers = {
    "array": load,
    "prepare": prepare,
    "time": timed,
    "result": result,
    "forget": forget,
    "memory": memory,
}


def main():
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = handlers[request["do"]](request)
        except Exception as error:  # The other side decides what a failure means.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
