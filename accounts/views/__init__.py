"""The way in, and what one may do with one's own account. The back office gives each page its site."""
