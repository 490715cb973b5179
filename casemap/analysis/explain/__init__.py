"""Where each value of one result came from: a core tree evaluated over a payload, with every step written down."""
