// Read by Datasette's table.js: its column menus may offer facets.
var DATASETTE_ALLOW_FACET = true;
