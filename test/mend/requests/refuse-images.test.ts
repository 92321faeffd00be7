import { describe, expect, it } from "vitest";
import { refuseImages } from "../../../src/mend/requests/refuse-images.ts";
import type { WireName } from "../../../src/model/opaque.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import type { ImagePart, MediaSource, UserPart } from "../../../src/model/request.ts";
import { calls, request, user } from "../walk.ts";

const image = (source: MediaSource): ImagePart => ({ type: "image", source });
const inline = image({ type: "base64", mediaType: "image/png", data: "AAAA" });
const address = image({ type: "url", url: "https://x/y.png" });
const upload = image({ type: "file", id: "file_1" });
const inResult = (part: ImagePart): UserPart => ({ type: "tool-result", id: "1", parts: [part], error: false });

describe("an image that somebody would have to fetch", () => {
  it.each<[name: string, part: UserPart, quirks: Quirks, wire: WireName, named: string | undefined]>([
    ["an image that came along", inline, { imageUrls: false }, "chat", undefined],
    ["an address, for a server that fetches", address, {}, "chat", undefined],
    ["an address, for a server that does not", address, { imageUrls: false }, "chat", "https://x/y.png"],
    ["an address in a tool's result", inResult(address), { imageUrls: false }, "chat", "https://x/y.png"],
    ["an upload, where it was uploaded", upload, {}, "messages", undefined],
    ["an upload, elsewhere", upload, {}, "chat", "file_1"],
    ["an upload in a tool's result", inResult(upload), {}, "chat", "file_1"],
    ["any of them, for a model that sees none", upload, { images: false, imageUrls: false }, "chat", undefined],
  ])("%s", (_, part, quirks, wire, named) => {
    const failure = refuseImages(request([user("u"), calls("1"), { role: "user", parts: [part] }]), quirks, wire);
    if (named === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatchObject({ kind: "bad-request", origin: "fcc", message: expect.stringContaining(named) });
  });
});
