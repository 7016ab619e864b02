"""The system's word that something changed, in folders chosen one by one.

watches  what is watched; how inotify's limit is met, and what is polled instead
mounts   file systems that keep silent
"""
