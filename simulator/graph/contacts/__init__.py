"""Contacts and their folders."""
