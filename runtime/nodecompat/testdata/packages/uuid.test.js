export async function versions() {
  assert.equal(pkg.v5("hello", pkg.v5.URL), "074171de-bc84-5ea4-b636-1135477620e1");
  assert(pkg.validate(pkg.v4()) && pkg.version(pkg.v4()) === 4 && pkg.version(pkg.v1()) === 1);
}
