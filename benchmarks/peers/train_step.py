"""One semi-supervised step: Cylinder3D over a labelled and an unlabelled scan, a NeRF head on rays, losses, AdamW."""

import torch
import torch.nn.functional as F

from cylinder3d import Net
from rendering import composite, packed, sample


def lovasz(probabilities, labels):
    """Berman et al. 2018, present classes, label 0 ignored."""
    keep = labels > 0
    probabilities, labels = probabilities[keep], labels[keep]
    losses = []
    for c in labels.unique():
        own = (labels == c).to(probabilities.dtype)
        errors, order = torch.sort((own - probabilities[:, c]).abs(), descending=True)
        own = own[order]
        total = own.sum()
        intersection = total - own.cumsum(0)
        union = total + (1 - own).cumsum(0)
        jaccard = 1 - intersection / union
        gradient = torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])
        losses.append(torch.dot(errors, gradient))
    return torch.stack(losses).mean()


def step(arrays, head, level_count, rays, **arguments):
    net = Net(arrays, training=True, **arguments)
    weights = {name: arrays[f"h:{name}"].clone().requires_grad_() for name in head}
    labels = arrays["labels"].long()
    pseudo = arrays["pseudo"].long()
    extras, t, delta = arrays["extras"], arrays["t"], arrays["delta"]
    samples = [(arrays[f"indices:{l}"], arrays[f"weights:{l}"]) for l in range(level_count)]
    ray_of, first = packed(arrays["offsets"])
    optimizer = torch.optim.AdamW(net.parameters() + list(weights.values()), lr=1e-3, weight_decay=0.01)

    def run():
        logits, features = net.forward()
        loss = F.cross_entropy(logits, labels, ignore_index=0)
        loss = loss + lovasz(torch.softmax(logits, 1), labels)
        hidden = torch.addmm(weights["trunk.bias"], extras, weights["trunk.extras"])
        for l, (indices, corner_weights) in enumerate(samples):
            hidden = hidden + sample(features[l] @ weights[f"trunk.level{l}"], indices, corner_weights)
        hidden = torch.relu(hidden)
        hidden = torch.relu(
            torch.addmm(weights["trunk.layer1.bias"], hidden, weights["trunk.layer1.weight"])
        )
        density = torch.exp(hidden @ weights["density.weight"] + weights["density.bias"]).reshape(-1)
        classes = torch.addmm(weights["classes.bias"], hidden, weights["classes.weight"])
        rendered = composite(density, torch.softmax(classes, 1), ray_of, first, t, delta, rays)[0]
        loss = loss + F.cross_entropy(torch.log(rendered + 1e-6), pseudo, ignore_index=0)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return run
