namespace SkPeft.Host.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("generate")]
    [InlineData("generate m --prompt a --ids 1")]
    [InlineData("generate m --prompt a --messages f")]
    [InlineData("generate m --prompt a --max-tokens 0")]
    [InlineData("generate m --prompt a --max-tokens 99999999999")]
    [InlineData("generate m --prompt a --temperature -0.1")]
    [InlineData("generate m --prompt a --temperature NaN")]
    [InlineData("generate m --prompt a --top-p 0")]
    [InlineData("generate m --prompt a --top-k -1")]
    [InlineData("generate m --prompt a --seed soon")]
    [InlineData("generate m --prompt a --threads 0")]
    [InlineData("generate m --prompt a --precision half")]
    [InlineData("generate m --prompt a --frobnicate")]
    [InlineData("generate m --prompt a --stop")]
    [InlineData("generate m --ids 1,,2")]
    [InlineData("generate m --ids 1;2")]
    [InlineData("logits m --inputs f")]
    [InlineData("score m --data f --prompt p")]
    [InlineData("score m --data f --prompt p --labels a,b --completion c")]
    [InlineData("score m --data f --prompt p --labels a,a")]
    [InlineData("score m --data f --prompt p --labels a,")]
    [InlineData("score m --data f --prompt p --completion c --label-field l")]
    [InlineData("score m --data f --prompt p --labels a,b --limit 0")]
    [InlineData("render t")]
    [InlineData("render t --messages f --now yesterday")]
    [InlineData("convert m")]
    [InlineData("convert m f.gguf")]
    [InlineData("convert m f.gguf --type q5_0")]
    [InlineData("convert m f.gguf --type f32 --random soon")]
    [InlineData("adapters")]
    [InlineData("adapters add name")]
    [InlineData("adapters rollback name")]
    [InlineData("bench")]
    [InlineData("bench decode m --repeat 0")]
    public async Task WrongUsage_Is2_AndSaysWhereHelpIs(string line)
    {
        string[] args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        await ToolRun.FailsAsync(2, args, "skpeft: ", "--help");
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("logits")]
    [InlineData("score")]
    [InlineData("tokenize")]
    [InlineData("render")]
    [InlineData("inspect")]
    [InlineData("adapters")]
    [InlineData("adapters add")]
    [InlineData("plugins list")]
    [InlineData("chat")]
    [InlineData("bench decode")]
    [InlineData("bench prefill")]
    [InlineData("demo")]
    public async Task Help_OfEveryCommand_IsPrinted(string command)
    {
        ToolRun run = await ToolRun.OfAsync([.. command.Split(' '), "--help"]);

        run.Code.ShouldBe(0);
        run.Out.ShouldContain(command);
        run.Error.ShouldBeEmpty();
    }
}
