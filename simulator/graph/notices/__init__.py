"""Subscriptions, and the notifications they bring."""
