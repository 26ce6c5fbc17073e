// The file system across events of one worker.
export async function temporaryFilesBelongToTheEvent() {
  const fs = require("fs");
  fs.writeFileSync("/tmp/mine", "x");
  assert(fs.existsSync("/tmp/mine"));
  assert.equal(fs.readdirSync("/tmp"), ["mine"]);
}

export async function filesOfTheBundle() {
  const fs = require("fs");
  assert.equal(fs.readFileSync("/bundle/sub/a.txt", "utf8"), "text of a module");
  assert.equal(fs.readdirSync("/bundle"), ["sub"]);
  assert.throws(() => fs.writeFileSync("/bundle/sub/a.txt", "x"), "operation not permitted");
}

export async function streamsOfFiles() {
  const fs = require("fs"), { pipeline } = require("stream/promises");
  fs.writeFileSync("/tmp/a", "abc".repeat(50000));
  await pipeline(fs.createReadStream("/tmp/a"), fs.createWriteStream("/tmp/b"));
  assert.equal(fs.statSync("/tmp/b").size, 150000);
}
