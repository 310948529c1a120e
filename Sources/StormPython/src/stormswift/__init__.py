"""Spouts and bolts in Python: over the fast channel where it is offered, over Storm's multilang protocol elsewhere."""

from ._bolt import BatchingBolt, Bolt
from ._component import Component
from ._spout import ReliableSpout, Spout
from ._tuple import Tuple

__all__ = ["BatchingBolt", "Bolt", "Component", "ReliableSpout", "Spout", "Tuple"]
__version__ = "1.1.0"
