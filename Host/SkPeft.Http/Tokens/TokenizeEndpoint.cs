using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using SkPeft.Connectors;
using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Routing;
using SkPeft.Http.Answers;
using SkPeft.Http.Chat;
using SkPeft.Http.Completions;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;
using SkPeft.Http.Models;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Tokens;

/// <summary><c>POST /tokenize</c> and <c>/detokenize</c>.</summary>
internal sealed class TokenizeEndpoint(ModelHost host, TimeProvider time)
{
    public async Task TokenizeAsync(HttpContext context)
    {
        using JsonDocument document = await JsonBody.ReadAsync(context);
        ObjectReader body = new(document.RootElement);
        ReceiptHeader.WriteIgnored(context.Response, TokenParameters.Tokenize.Check(body));
        ServedRuntime served = host.Served;
        bool spelled = body.Flag("return_token_strs") ?? false;
        ServedModel? model = Model(served, body, context);
        IReadOnlyList<int> ids = body.Text("prompt") is { } prompt ? OfText(served, body, prompt) : await OfMessagesAsync(served, body, model, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new TokenizeResponse(ids.Count, served.Runtime.Model.Engine.ContextLength, ids, spelled ? [.. ids.Select(served.Tokenizer.TokenText)] : null),
            JsonForm.Options, context.RequestAborted);
    }

    public async Task DetokenizeAsync(HttpContext context)
    {
        using JsonDocument document = await JsonBody.ReadAsync(context);
        ObjectReader body = new(document.RootElement);
        ReceiptHeader.WriteIgnored(context.Response, TokenParameters.Detokenize.Check(body));
        ServedRuntime served = host.Served;
        _ = Model(served, body, context);
        int[] ids = PromptReader.Ids(body.Any("tokens")!.Value, "tokens", served.Runtime.Model.Shape.Sizes.VocabularySize);
        await context.Response.WriteAsJsonAsync(new DetokenizeResponse(served.Tokenizer.Decode(ids)), JsonForm.Options, context.RequestAborted);
    }

    private static ServedModel? Model(ServedRuntime served, ObjectReader body, HttpContext context)
    {
        if (body.Text("model") is not { } name)
        {
            return null;
        }

        ServedModel model = served.Names.Find(name);
        context.Caller().RequireModel(model);
        return model;
    }

    private static IReadOnlyList<int> OfText(ServedRuntime served, ObjectReader body, string prompt)
    {
        if (body.Any("messages") is not null || body.Any("tools") is not null)
        {
            throw ApiException.BadRequest("prompt", "prompt: a text beside messages or tools is not accepted, expected one of them.");
        }

        return PromptReader.OfText(served.Tokenizer, prompt, null, body.Flag("add_special_tokens") ?? true);
    }

    private async Task<IReadOnlyList<int>> OfMessagesAsync(ServedRuntime served, ObjectReader body, ServedModel? model, CancellationToken cancellation)
    {
        if (body.Any("messages") is null)
        {
            throw body.Missing("prompt", "a text, or messages");
        }

        if (body.Flag("add_generation_prompt") == false)
        {
            throw body.Wrong("add_generation_prompt", body.Any("add_generation_prompt")!.Value, "true: prompts end where the answer begins");
        }

        ChatOptions options = new();
        ToolParameters.Apply(body, options);
        ChatRequest request = new RequestReader(new PeftChatClientOptions()).Read(MessageReader.Read(body), options, served.Client);
        string? reference = model?.Adapter ?? model?.Skill?.Adapter;
        using IAdapterLease? lease = reference is null or SkillRouter.Base ? null : await served.Runtime.Residency.LeaseAsync(reference, cancellation);
        return Prompts(served).Build(request, model?.Skill, lease?.Adapter.Slots).Ids;
    }

    private PromptBuilder Prompts(ServedRuntime served) => new(
        served.Tokenizer,
        () => served.Runtime.Model.ChatTemplate is { } template ? new TemplatePromptRenderer(template, served.Tokenizer, time) : null,
        served.Names.Base);
}
