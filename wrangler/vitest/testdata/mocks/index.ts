import { price } from "./price";
import * as tax from "./tax";
import log from "./log";

export default {
  async fetch() {
    log("asked");
    return Response.json({ price: price(), tax: tax.rate() });
  },
};
