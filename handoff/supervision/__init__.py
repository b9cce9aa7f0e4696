"""スーパーバイザー: who watches a colleague's talk and advises the colleague. Nothing here has a way to the resident."""
