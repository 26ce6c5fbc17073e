export const price = () => 10;
export const currency = "EUR";
export class Shop {
  open() { return true; }
}
