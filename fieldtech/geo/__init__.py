"""Places: region tree, point in region, distance, clusters, gazetteer."""
