module.exports = { ...require("inspector") };
