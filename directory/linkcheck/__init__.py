"""Asks addresses of other sites whether they are still there, and lets itself be led nowhere else."""
