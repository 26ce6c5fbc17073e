module.exports = { ...require("data/constants") };
