export const from = (who: string) => `imported by ${who}`;
