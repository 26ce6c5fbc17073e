// graphql and graphql-yoga.
import { buildSchema, graphql, parse, print, printSchema, validate, introspectionFromSchema, GraphQLError } from "graphql";
import { createSchema, createYoga, Repeater } from "graphql-yoga";
import { area } from "../../../conformance/probe.js";

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    scalar Date
    enum Role { ADMIN USER }
    interface Node { id: ID! }
    type User implements Node { id: ID! name(upper: Boolean = false): String! role: Role friends(first: Int): [User!]! at: Date }
    input NewUser { name: String! role: Role = USER }
    union Thing = User
    type Query { user(id: ID!): User users: [User!]! things: [Thing] fail: String slow: String }
    type Mutation { add(input: NewUser!): User! upload(f: File!): String }
    scalar File
    type Subscription { count(to: Int!): Int! }
  `,
  resolvers: {
    Thing: { __resolveType: () => "User" }, Node: { __resolveType: () => "User" },
    User: { name: (u, { upper }) => upper ? u.name.toUpperCase() : u.name, friends: (u, { first }) => users.slice(0, first), at: () => new Date(0).toISOString() },
    Query: { user: (_, { id }) => users.find((u) => u.id === id), users: () => users, things: async () => users, fail: () => { throw new GraphQLError("no", { extensions: { code: "NO" } }); }, slow: async () => { await null; throw new TypeError("secret"); } },
    Mutation: { add: (_, { input }) => ({ id: "9", ...input }), upload: async (_, { f }) => f.text() },
    Subscription: { count: { subscribe: (_, { to }) => new Repeater(async (push, stop) => { for (let i = 1; i <= to; i++) await push({ count: i }); stop(); }) } },
  },
});
const users = [{ id: "1", name: "Ada", role: "ADMIN" }, { id: "2", name: "Bob", role: "USER" }];
const yoga = createYoga({ schema, logging: false, graphiql: true });
const ask = async (query, variables, headers = {}, method = "POST") => {
  const url = "https://x.example/graphql";
  const r = method === "GET" ? await yoga.fetch(url + "?query=" + encodeURIComponent(query), { headers })
    : await yoga.fetch(url, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ query, variables }) });
  return [r.status, r.headers.get("content-type"), await r.text()].join(" | ");
};

export default area({
  "query": () => ask("query($id: ID!) { user(id: $id) { id n: name(upper: true) role friends(first: 1) { ...F } at } } fragment F on User { name }", { id: "1" }),
  "union": () => ask("{ things { __typename ... on User { name } } }"),
  "mutation": () => ask('mutation { add(input: { name: "Zoé" }) { id name role } }'),
  "get": () => ask("{ users { name } }", undefined, {}, "GET"),
  "error": () => ask("{ fail }"),
  "masked error": async () => (await ask("{ slow }")).replace(/"stack":"[^"]*"/, "…"),
  "syntax": () => ask("{ users { name "),
  "invalid": () => ask("{ users { nme } }"),
  "variables": () => ask("query($id: ID!) { user(id: $id) { id } }", {}),
  "skip include": () => ask("query($a: Boolean!) { users { id @skip(if: $a) name @include(if: $a) } }", { a: true }),
  "subscription": () => ask("subscription { count(to: 3) }", undefined, { accept: "text/event-stream" }),
  "upload": async () => { const f = new FormData(); f.append("operations", JSON.stringify({ query: "mutation($f: File!) { upload(f: $f) }", variables: { f: null } })); f.append("map", '{"0":["variables.f"]}'); f.append("0", new File(["content"], "a.txt")); return (await yoga.fetch("https://x.example/graphql", { method: "POST", body: f })).text(); },
  "graphiql": async () => { const r = await yoga.fetch("https://x.example/graphql", { headers: { accept: "text/html" } }); return [r.status, r.headers.get("content-type"), (await r.text()).includes("GraphiQL")]; },
  "preflight": async () => { const r = await yoga.fetch("https://x.example/graphql", { method: "OPTIONS", headers: { origin: "https://o.example", "access-control-request-method": "POST" } }); return [r.status, [...r.headers].join("; ")]; },
  "not acceptable": () => ask("{ users { id } }", undefined, { accept: "image/png" }),
  "print": () => print(parse('query Q($a: [Int!]! = [1, 2]) @d(x: {y: "z"}) { a: b(c: """block\n "x" """) { ... @include(if: true) { d } } }')),
  "schema": () => printSchema(buildSchema("type Query { a(b: Int = 3): [String!] @deprecated(reason: \"old\") }")),
  "validate": () => validate(buildSchema("type Query { a: Int }"), parse("{ a b } query X { a }")).map((e) => e.message),
  "execute": async () => JSON.stringify(await graphql({ schema: buildSchema("type Query { a: Int! b: [Float] }"), source: "{ a b }", rootValue: { a: () => "x", b: [1.5, null] } })),
  "introspection": () => JSON.stringify(introspectionFromSchema(schema)).length,
});
