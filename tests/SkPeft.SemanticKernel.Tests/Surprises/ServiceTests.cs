using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;
using Microsoft.SemanticKernel.TextGeneration;
using NSubstitute;
using SkPeft.Connectors.Receipts;

namespace SkPeft.SemanticKernel.Tests.Surprises;

/// <summary>Who answers.</summary>
public sealed class ServiceTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Surprise01_AClientWithoutMetadata_ThrowsInTheKernel()
    {
        Kernel kernel = fixture.Build();

        foreach (string? key in (string?[])["say", "red", "green@1", "skpeft", null])
        {
            kernel.Services.GetRequiredKeyedService<IChatClient>(key).GetService<ChatClientMetadata>()!.ProviderName.ShouldBe("skpeft");
            kernel.Services.GetRequiredKeyedService<IChatCompletionService>(key).ShouldNotBeNull();
        }

        kernel.Services.GetRequiredKeyedService<IChatClient>("say").GetModelId().ShouldBe("red");
        (await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x"), Token)).GetValue<string>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Surprise02_WithoutSettings_TheClientGetsNoOptions()
    {
        Kernel kernel = fixture.Build();

        FunctionResult result = await kernel.InvokeAsync("Reviews", "Mood", KernelFixture.Input("x"), Token);

        Receipt receipt = KernelFixture.ReceiptOf(result.Metadata);
        (receipt.Skill, receipt.Reference).ShouldBe(("mood", "blue@1"));
        receipt.Route.ShouldContain("function 'Reviews.Mood' belongs to skill 'mood'");
        receipt.Probabilities!.Keys.ShouldBe(["good", "bad"], ignoreOrder: true);
        result.GetValue<string>().ShouldBeOneOf("good", "bad");
    }

    [Fact]
    public async Task Surprise03_TheDefaultClient_IsTheLastRegisteredKey()
    {
        Kernel kernel = fixture.Build();

        // No skill claims it and none is the default: had another client been taken, its skill would answer.
        (await Should.ThrowAsync<NoRouteException>(() => kernel.InvokeAsync("Reviews", "Free", KernelFixture.Input("x"), Token))).Message.ShouldContain("'say', 'mood', 'talk'");
        kernel.GetRequiredService<IChatClient>().GetService<Connectors.PeftChatClient>()!.Options.ShouldSatisfyAllConditions(o => o.Skill.ShouldBeNull(), o => o.Adapter.ShouldBeNull());
    }

    [Fact]
    public async Task Surprise04_AnUnknownServiceId_FindsNobody()
    {
        Kernel kernel = fixture.Build();
        PromptExecutionSettings wrong = new() { ServiceId = "sya" };

        KernelException error = await Should.ThrowAsync<KernelException>(() => kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", wrong), Token));
        error.Message.ShouldContain("'sya'");
        error.Message.ShouldContain("'say', 'mood', 'talk', 'red', 'blue', 'green@1', 'skpeft'");

        FunctionResult known = await kernel.InvokeAsync("Reviews", "Free", KernelFixture.Input("x", wrong, new PromptExecutionSettings { ServiceId = "mood" }), Token);
        KernelFixture.ReceiptOf(known.Metadata).Skill.ShouldBe("mood");
        FunctionResult module = await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", new PromptExecutionSettings { ServiceId = "green@1" }), Token);
        KernelFixture.ReceiptOf(module.Metadata).Route.ShouldContain("made for adapter 'green@1', with the prompt of skill 'talk'");
        FunctionResult other = await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", wrong, new PromptExecutionSettings()), Token);
        KernelFixture.ReceiptOf(other.Metadata).Skill.ShouldBe("say");
    }

    [Fact]
    public async Task Surprise05_ASelectorOfServicesOnly_FindsNoChatClient_AndOtherServicesGoFirst()
    {
        IChatCompletionService chat = Substitute.For<IChatCompletionService>();
        ITextGenerationService text = Substitute.For<ITextGenerationService>();
        chat.GetChatMessageContentsAsync(null!, null, null, Token).ReturnsForAnyArgs([new ChatMessageContent(AuthorRole.Assistant, "another's")]);
        void Others(IKernelBuilder builder)
        {
            builder.Services.AddKeyedSingleton("other", chat);
            builder.Services.AddSingleton(chat);
            builder.Services.AddSingleton(text);
        }

        foreach (Kernel kernel in (Kernel[])[fixture.Build(before: Others), fixture.Build(after: Others)])
        {
            kernel.ServiceSelector.ShouldBeAssignableTo<IChatClientSelector>();
            KernelFixture.ReceiptOf((await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x"), Token)).Metadata).Skill.ShouldBe("say");
            (await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", new PromptExecutionSettings { ServiceId = "other" }), Token)).GetValue<string>().ShouldBe("another's");
        }

        // What nobody of ours claims is the other's as before.
        (await fixture.Build(after: Others).InvokeAsync("Reviews", "Free", KernelFixture.Input("x"), Token)).GetValue<string>().ShouldBe("another's");
        PeftPromptExecutionSettings named = new() { Adapter = "red@1", Skill = "say" };
        KernelFixture.ReceiptOf((await fixture.Build(after: Others).InvokeAsync("Reviews", "Free", KernelFixture.Input("x", named), Token)).Metadata).Reference.ShouldBe("red@1");
    }
}
