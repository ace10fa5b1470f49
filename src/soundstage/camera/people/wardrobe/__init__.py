"""Clothes: cut from the body in its own measures, so that every garment fits everybody."""

from .dress import dress, hidden_skin, under_hat, worn

__all__ = ["dress", "hidden_skin", "under_hat", "worn"]
