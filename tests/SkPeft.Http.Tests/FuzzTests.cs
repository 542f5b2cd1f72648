using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class FuzzTests
{
    private static readonly string[] s_chats =
    [
        """{"model":"describe","messages":[{"role":"user","content":"name[The Eagle]"}],"max_tokens":3,"n":1,"stream":true,"stream_options":{"include_usage":true},"logprobs":true,"top_logprobs":2}""",
        """{"model":"sentiment","messages":[{"role":"user","content":[{"type":"text","text":"fine"}]}],"user":"u","metadata":{"a":"b"},"temperature":0,"stop":null}""",
        """{"model":"topic@1","messages":[{"role":"user","content":"x"}],"max_tokens":2,"seed":4,"temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"logit_bias":{"5":-3.5},"stop":["a","b"],"presence_penalty":0.1,"frequency_penalty":0.1}""",
        """{"model":"skpeft-tiny","messages":[{"role":"system","content":"s"},{"role":"user","content":"u","name":"n"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"r"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}],"tool_choice":"auto","parallel_tool_calls":true,"max_tokens":2}""",
        """{"model":"describe","messages":[{"role":"user","content":"x"}],"max_tokens":2,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"type":"integer"}}},"strict":true}}}""",
    ];

    private static readonly string[] s_texts =
    [
        """{"model":"base","prompt":"The Eagle","max_tokens":2,"n":1,"logprobs":1,"stream":false,"echo":false,"best_of":1}""",
        """{"model":"describe@prod","prompt":[[1,2],[3]],"max_tokens":2,"seed":1,"stream":true}""",
        """{"model":"base","prompt":["a","b"],"max_tokens":1,"stop":"x","precision":"exact"}""",
    ];

    private static readonly string[] s_tokens =
    [
        """{"model":"base","prompt":"x","add_special_tokens":true,"return_token_strs":true}""",
        """{"model":"topic","messages":[{"role":"user","content":"x"}],"add_generation_prompt":true}""",
    ];

    /// <summary>A server fails on what a stranger sends only where it is wrong itself.</summary>
    [Fact]
    public async Task DamagedBodies_NeverFailTheServer()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { MaxChoices = 2 }, s => s with { ContextLength = 128 });
        (string Path, string[] Bodies)[] doors = [("/v1/chat/completions", s_chats), ("/v1/completions", s_texts), ("/tokenize", s_tokens), ("/detokenize", ["""{"model":"base","tokens":[1,2,3]}"""])];
        Gen<(string, byte[])> requests = Gen.Frequency((5, Door(0)), (3, Door(1)), (1, Door(2)), (1, Door(3)));

        Dictionary<HttpStatusCode, int> statuses = [];
        foreach ((string path, byte[] body) in Draw(requests, 1500))
        {
            using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using HttpResponseMessage response = await server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            ((int)response.StatusCode).ShouldBeLessThan(500, $"{path} {Encoding.UTF8.GetString(body)}\n{text}");
            text.ShouldNotContain("internal_error", Case.Sensitive, Encoding.UTF8.GetString(body));
            statuses[response.StatusCode] = statuses.GetValueOrDefault(response.StatusCode) + 1;
        }

        server.Log.Errors.ShouldBeEmpty();

        // Of any use only where some got through, and some did not.
        statuses.GetValueOrDefault(HttpStatusCode.OK).ShouldBeGreaterThan(20);
        statuses.GetValueOrDefault(HttpStatusCode.BadRequest).ShouldBeGreaterThan(200);
        statuses.GetValueOrDefault(HttpStatusCode.NotFound).ShouldBeGreaterThan(0);

        // Always the same ones.
        static (string, byte[])[] Draw(Gen<(string, byte[])> requests, int count)
        {
            (string, byte[])[] drawn = [];
            Prop.ForAll(requests.ArrayOf(count).ToArbitrary(), r => drawn = r).Check(Config.QuickThrowOnFailure.WithMaxTest(1).WithReplay(20261128, 7));
            return drawn;
        }

        // Some are sent as they are: what follows a good request must be good as well.
        Gen<(string, byte[])> Door(int index) => Gen.Frequency((5, JsonMutations.Of(doors[index].Bodies)), (1, Gen.Elements(doors[index].Bodies).Select(Encoding.UTF8.GetBytes)))
            .Select(b => (doors[index].Path, b));
    }
}
