"""The Graph client of one mailbox."""

from m365.graph.client import Graph

__all__ = ["Graph"]
