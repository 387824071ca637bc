"""Makes `assets/hand_reference.npz`: the bundled network's features of other people's digits.

    python benchmarks/hand_reference.py

With it the first correction needs no preparation. Run it (`make network-assets`) after a new
network is bundled, or after `benchmarks/other_writers.py`; until then the window computes its own.
"""

from model.hand.teachable_network import REFERENCE_FILE, TeachableNetwork


def main() -> None:
    """Compute and write."""
    network = TeachableNetwork.bundled()
    network.write_reference(REFERENCE_FILE)
    size = REFERENCE_FILE.stat().st_size
    print(f"{REFERENCE_FILE.name}: of network {network.sha256[:8]}, {size:,} bytes")


if __name__ == "__main__":
    main()
