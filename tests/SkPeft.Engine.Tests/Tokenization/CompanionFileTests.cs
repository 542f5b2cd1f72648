using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class CompanionFileTests
{
    [Fact]
    public void Open_Alone_GuessesTheEndOnly()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        tokenizer.BosId.ShouldBeNull();
        tokenizer.EosId.ShouldBe(tokenizer.IdOf("</s>"));
        tokenizer.AddBosByDefault.ShouldBeFalse();
        tokenizer.ChatTemplate.ShouldBeNull();
    }

    [Fact]
    public void Open_TokenizerConfig_NamesRolesAsTextOrObject()
    {
        ITokenizer tokenizer = Open(
            ByteLevel(), ("tokenizer_config.json", """{"bos_token":{"content":"<s>"},"eos_token":"</s>","add_bos_token":true,"chat_template":"T"}"""));
        (tokenizer.BosId, tokenizer.EosId, tokenizer.AddBosByDefault, tokenizer.ChatTemplate).ShouldBe((260, 261, true, "T"));
    }

    [Fact]
    public void Open_PostProcessor_SaysWhetherBosIsAddedUnlessTheConfigDoes()
    {
        JsonObject json = ByteLevel();
        json["post_processor"] = JsonNode.Parse(
            """{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]}]}""");
        Open(json).AddBosByDefault.ShouldBeTrue();
        Open(json).BosId.ShouldBe(260);
        Open(json).Encode("a").Count.ShouldBe(1, "nothing is added while encoding");
        Open(json, ("tokenizer_config.json", """{"add_bos_token":false}""")).AddBosByDefault.ShouldBeFalse();
    }

    [Fact]
    public void Open_ChatTemplates_FileBeforeConfigAndDefaultAmongSeveral()
    {
        const string Several = """{"chat_template":[{"name":"rag","template":"R"},{"name":"default","template":"D"}]}""";
        Open(ByteLevel(), ("tokenizer_config.json", Several)).ChatTemplate.ShouldBe("D");
        Open(ByteLevel(), ("tokenizer_config.json", Several), ("chat_template.jinja", "J\n")).ChatTemplate.ShouldBe("J\n");
    }

    [Fact]
    public void Open_GenerationConfig_AddsEnds()
    {
        JsonObject json = ByteLevel();
        ((JsonArray)json["added_tokens"]!).Add(Added(262, "<|im_end|>"));
        ((JsonArray)json["added_tokens"]!).Add(Added(263, "<|end|>", special: false));
        Open(json, ("generation_config.json", """{"eos_token_id":[260,261,9999]}""")).EndOfGenerationIds.ShouldBe([260, 261, 262], ignoreOrder: true);
        Open(json, ("config.json", """{"bos_token_id":260,"eos_token_id":262}""")).EosId.ShouldBe(262);
    }

    [Theory]
    [InlineData("tokenizer_config.json", "[]")]
    [InlineData("tokenizer_config.json", """{"bos_token":1}""")]
    [InlineData("tokenizer_config.json", """{"chat_template":7}""")]
    [InlineData("tokenizer_config.json", """{"add_bos_token":"yes"}""")]
    [InlineData("special_tokens_map.json", "{")]
    public void Open_MalformedCompanion_IsNamed(string name, string text) =>
        Should.Throw<FileFormatException>(() => Open(ByteLevel(), (name, text))).File.ShouldEndWith(name);
}
