using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.SemanticKernel;
using SkPeft.Connectors.Hosting;

namespace SkPeft.SemanticKernel.Tests;

/// <summary>A kernel that opens its own model, alone and in a host.</summary>
public sealed class ConfiguredKernelTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AKernelOfSettings_OpensTheModelWithItsFirstCall()
    {
        IKernelBuilder builder = Kernel.CreateBuilder().AddPeftChatCompletion(fixture.Settings);
        builder.Plugins.AddFromFunctions("Reviews", [KernelFixture.Function("Mood")]);
        Kernel kernel = builder.Build();
        await using ServiceProvider services = (ServiceProvider)kernel.Services;

        KernelFixture.ReceiptOf((await kernel.InvokeAsync("Reviews", "Mood", KernelFixture.Input("x"), Token)).Metadata).Reference.ShouldBe("blue@1");
        KernelFixture.ReceiptOf((await kernel.InvokeAsync("Reviews", "Mood", KernelFixture.Input("x", new PromptExecutionSettings { ServiceId = "red" }), Token)).Metadata).Reference.ShouldBe("red@2");
    }

    [Fact]
    public async Task AKernelInAHost_IsOpenedByTheHost_AndDrainsWithIt()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SkPeft:Model"] = fixture.Settings.Model, ["SkPeft:Store"] = fixture.Settings.Store, ["SkPeft:Threads"] = "1", ["SkPeft:WatchPlugins"] = "false",
            ["SkPeft:Skills:0:Name"] = "mood", ["SkPeft:Skills:0:Adapter"] = "blue", ["SkPeft:Skills:0:Prompt"] = "{input}:", ["SkPeft:Skills:0:Labels:0"] = "a", ["SkPeft:Skills:0:Labels:1"] = "b",
            ["SkPeft:Skills:0:Functions:0"] = "Reviews.Mood",
        });
        builder.Services.AddPeftChatClient(builder.Configuration).AddKernel();
        using IHost host = builder.Build();
        await host.StartAsync(Token);
        Kernel kernel = host.Services.GetRequiredService<Kernel>();
        kernel.Plugins.AddFromFunctions("Reviews", [KernelFixture.Function("Mood"), KernelFixture.Function("Late")]);

        KernelFixture.ReceiptOf((await kernel.InvokeAsync("Reviews", "Mood", KernelFixture.Input("x"), Token)).Metadata).Skill.ShouldBe("mood");
        await Should.ThrowAsync<NoRouteException>(() => kernel.InvokeAsync("Reviews", "Late", KernelFixture.Input("x"), Token));

        // A changed configuration claims another function: the selector knows.
        builder.Configuration["SkPeft:Skills:0:Functions:0"] = "Reviews.Late";
        await host.Services.GetRequiredService<SettingsReload>().ApplyAsync();
        KernelFixture.ReceiptOf((await kernel.InvokeAsync("Reviews", "Late", KernelFixture.Input("x"), Token)).Metadata).Skill.ShouldBe("mood");

        await host.StopAsync(Token);
        await Should.ThrowAsync<HostStoppingException>(() => kernel.InvokeAsync("Reviews", "Late", KernelFixture.Input("x"), Token));
    }
}
