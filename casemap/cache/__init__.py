"""The cache on disk: what takes long to work out and depends on nothing but files, kept between processes."""
