using SkPeft.Engine;
using SkPeft.Testing;
using SkPeft.Training.Data;

namespace SkPeft.Training.Tests.Data;

/// <summary>Lines of every kind, good and bad, with the tokenizer and template of the tiny model (one token a byte, but for special ones).</summary>
public sealed class ExampleReaderTests : IClassFixture<ExampleReaderTests.Model>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;

    public ExampleReaderTests(Model model) => _model = model.Tiny;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prompt_and_completion_are_tokenised_apart_and_special_tokens_of_the_template_count()
    {
        Example example = Read(Texts("{\"text\": \" hi \", \"reference\": \"yo<|im_end|>\"}") with { Completion = " {reference}<|im_end|>" }).Examples.ShouldHaveSingleItem();

        Passage passage = example.Passages.ShouldHaveSingleItem();
        Decode(passage.Ids[..passage.PromptLength]).ShouldBe("T: hi\nL:");
        Decode(passage.Ids[passage.PromptLength..]).ShouldBe(" yo<|im_end|><|im_end|>");
        passage.Ids.Count(i => i == TinyLlama.TurnEnd).ShouldBe(1, "the one in the line's field is a stranger's text");
        passage.Ids[^1].ShouldBe(TinyLlama.TurnEnd);
        passage.LossFrom.ShouldBe(passage.PromptLength);
    }

    [Fact]
    public void Loss_on_all_begins_behind_the_first_token() =>
        Read(Texts("{\"text\": \"hi\", \"label\": \"a\"}") with { LossOnAll = true }).Examples[0].Passages[0].LossFrom.ShouldBe(1);

    [Theory]
    [InlineData("{\"label\": \"a\"}", "there is no field 'text'")]
    [InlineData("{\"text\": \"x\"}", "there is no field 'label'")]
    [InlineData("{\"text\": {}, \"label\": \"a\"}", "an object")]
    [InlineData("{\"text\": null, \"label\": \"a\"}", "null")]
    [InlineData("{\"text\": \"x\", \"label\": \"\"}", "the completion is empty")]
    [InlineData("{\"text\": \"x\", \"label\": \"  \"}", "the completion is empty")]
    [InlineData("{\"text\": \"x\", \"label\": \"a\", \"task_id\": -1}", "'task_id' is -1")]
    [InlineData("{\"text\": \"x\", \"label\": \"a\", \"task_id\": \"one\"}", "'task_id'")]
    public void A_bad_line_is_named(string line, string what)
    {
        DataLineException error = Should.Throw<DataLineException>(() => Read(Texts("{\"text\": \"x\", \"label\": \"a\"}", line)));

        error.Line.ShouldBe(2);
        error.Message.ShouldContain(what);
    }

    [Theory]
    [InlineData("{\"ids\": [1, 2, 3]}", "'prompt_len'")]
    [InlineData("{\"prompt_len\": 1}", "there is no field 'ids'")]
    [InlineData("{\"ids\": [], \"prompt_len\": 1}", "empty")]
    [InlineData("{\"ids\": \"1 2\", \"prompt_len\": 1}", "expected a list")]
    [InlineData("{\"ids\": [1, 261], \"prompt_len\": 1}", "'ids[1]' is 261, expected a token of the vocabulary, 0 to 260")]
    [InlineData("{\"ids\": [1, -1], \"prompt_len\": 1}", "'ids[1]' is -1")]
    [InlineData("{\"ids\": [1, 2.5], \"prompt_len\": 1}", "2.5")]
    [InlineData("{\"ids\": [1, 2], \"prompt_len\": 0}", "'prompt_len' is 0, expected 1 to 1")]
    [InlineData("{\"ids\": [1, 2], \"prompt_len\": 3}", "'prompt_len' is 3")]
    [InlineData("{\"ids\": [1, 2], \"prompt_len\": \"1\"}", "'prompt_len' is \"1\"")]
    [InlineData("{\"ids\": [1, 2], \"prompt_len\": 2}", "the completion is empty")]
    public void Bad_ids_are_named(string line, string what)
    {
        DataLineException error = Should.Throw<DataLineException>(() => Read(Ids("{\"ids\": [1, 2], \"prompt_len\": 1}", line)));

        error.Line.ShouldBe(2);
        error.Message.ShouldContain(what);
    }

    [Fact]
    public void What_teaches_nothing_is_passed_over_and_counted_where_the_user_says_so()
    {
        string long_ = $"{{\"ids\": [{string.Join(',', Enumerable.Repeat(1, 600))}], \"prompt_len\": 5}}";
        string huge = $"{{\"ids\": [1, 2], \"prompt_len\": 1, \"more\": \"{new string('x', JsonLines.MostBytes)}\"}}";
        TrainingData data = Ids("{\"ids\": [1, 2], \"prompt_len\": 2}", "{\"ids\": [1, 2], \"prompt_len\": 1}", long_, huge);

        ExampleSet set = Read(data with { SkipUnusable = true }).Fit(512, 0, 1);

        set.Examples.Select(e => e.Line).ShouldBe([2]);
        set.Skipped.Select(s => s.Line).ShouldBe([1, 3, 4]);
        set.Skipped[1].Reason.ShouldContain("600 tokens, expected at most 512");
    }

    [Fact]
    public void A_sequence_beyond_what_virtual_tokens_leave_is_an_error_with_its_line()
    {
        ExampleSet set = Read(Ids("{\"ids\": [1, 2], \"prompt_len\": 1}", $"{{\"ids\": [{string.Join(',', Enumerable.Repeat(1, 500))}], \"prompt_len\": 5}}"));

        set.Fit(512, 12, 1).Examples.Count.ShouldBe(2);
        DataLineException error = Should.Throw<DataLineException>(() => set.Fit(512, 13, 1));
        error.Line.ShouldBe(2);
        error.Message.ShouldContain("500 tokens, expected at most 499");
        error.Message.ShouldContain("13 of them for virtual tokens");
    }

    [Fact]
    public void A_task_that_the_method_does_not_have_is_an_error_with_its_line() =>
        Should.Throw<DataLineException>(() => Read(Ids("{\"ids\": [1, 2], \"prompt_len\": 1, \"task_id\": 2}")).Fit(512, 0, 2)).Message.ShouldContain("'task_id' is 2, expected 0 to 1");

    [Fact]
    public void One_class_only_is_refused()
    {
        string[] lines = ["{\"text\": \"x\", \"label\": \"a\"}", "{\"text\": \"y\", \"label\": \"a\"}"];

        Should.Throw<FileFormatException>(() => Read(Texts(lines)).RequireTask()).Message.ShouldContain("one class only");
        Should.Throw<FileFormatException>(() => Read(Texts(lines) with { Classes = [LabelClass.Of("a"), LabelClass.Of("b")] }).RequireTask()).Message.ShouldContain("lines 1 to 2");
        Read(Texts(lines) with { AllowOneClass = true }).RequireTask().Examples.Count.ShouldBe(2);
        Read(Texts(lines[0], "{\"text\": \"y\", \"label\": \"b\"}")).RequireTask().Examples.Count.ShouldBe(2);
        Read(Texts(lines[0])).RequireTask().Examples.Count.ShouldBe(1);
    }

    [Fact]
    public void An_empty_file_is_refused() => Should.Throw<FileFormatException>(() => Read(Texts()).RequireTask()).Message.ShouldContain("no lines");

    [Fact]
    public void Words_of_all_classes_stand_behind_the_prompt_and_the_true_one_is_the_completion()
    {
        TrainingData data = Texts("{\"text\": \"x\", \"label\": \"good\"}") with { Classes = [new LabelClass("good", ["a", "fine"]), new LabelClass("bad", ["b"])] };

        Example example = Read(data, new ExampleNeeds(Candidates: true)).Examples[0];

        example.Candidates.Select(c => (c.Class, Decode(c.Passage.Ids[c.Passage.PromptLength..]))).ShouldBe([(0, " a"), (0, " fine"), (1, " b")]);
        example.Passages.ShouldHaveSingleItem().ShouldBeSameAs(example.Candidates[0].Passage);
        example.Class.ShouldBe(0);
    }

    [Fact]
    public void A_label_that_is_no_class_is_named() =>
        Should.Throw<DataLineException>(() => Read(Texts("{\"text\": \"x\", \"label\": \"c\"}") with { Classes = [LabelClass.Of("a"), LabelClass.Of("b")] }))
            .Message.ShouldContain("label 'c' is not one of a, b");

    [Fact]
    public void A_classifier_takes_ids_or_text_with_a_class_by_index_or_name()
    {
        ExampleNeeds needs = new(ClassesOnly: true);

        Read(Ids("{\"ids\": [5, 6, 7], \"label\": 2}"), needs).Examples[0].Class.ShouldBe(2);
        Example named = Read(Texts("{\"text\": \"x\", \"label\": \"b\"}") with { Classes = [LabelClass.Of("a"), LabelClass.Of("b")] }, needs).Examples[0];
        named.Class.ShouldBe(1);
        Decode(named.Passages[0].Ids).ShouldBe("T: x\nL:");
        Should.Throw<DataLineException>(() => Read(Ids("{\"ids\": [5]}"), needs)).Message.ShouldContain("'label'");
        Should.Throw<DataLineException>(() => Read(Ids("{\"ids\": [5], \"label\": -1}"), needs)).Message.ShouldContain("-1");
        Should.Throw<DataLineException>(() => Read(Ids("{\"ids\": [5], \"label\": \"b\"}"), needs)).Message.ShouldContain("--labels");
    }

    [Fact]
    public void A_chat_carries_loss_on_what_the_assistant_says_through_the_end_of_its_turn()
    {
        Example example = Read(Chat("""{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "one"}, {"role": "user", "content": "r"}, {"role": "assistant", "content": "two"}]}""")).Examples[0];

        Passage passage = example.Passages.ShouldHaveSingleItem();
        int[] counted = [.. passage.Ids.Skip(passage.LossFrom).Where((_, i) => passage.Mask![i])];
        Decode(counted).ShouldBe("one<|im_end|>two<|im_end|>");
        Decode(passage.Ids[..passage.PromptLength]).ShouldBe("<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n");
        passage.Counted.ShouldBe(8);
    }

    [Fact]
    public void A_method_that_reads_the_instruction_sees_every_turn_with_its_own()
    {
        ExampleSet set = Read(Chat("""{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "one"}, {"role": "user", "content": "r"}, {"role": "assistant", "content": "two"}]}"""), new ExampleNeeds(TurnByTurn: true));

        set.Examples[0].Passages.Select(p => Decode(p.Ids[p.LossFrom..])).ShouldBe(["one<|im_end|>", "two<|im_end|>"]);
        set.Examples[0].Passages.ShouldAllBe(p => p.LossFrom == p.PromptLength && p.Mask == null);
    }

    [Fact]
    public void Special_tokens_in_a_message_are_text()
    {
        Example example = Read(Chat("""{"messages": [{"role": "user", "content": "a<|im_end|>"}, {"role": "assistant", "content": "b<|im_end|>c"}]}""")).Examples[0];

        Passage passage = example.Passages[0];
        passage.Ids.Count(i => i == TinyLlama.TurnEnd).ShouldBe(2);
        passage.Ids[^1].ShouldBe(TinyLlama.TurnEnd);
    }

    [Theory]
    [InlineData("{\"text\": \"x\"}", "'messages'")]
    [InlineData("{\"messages\": \"x\"}", "expected a list")]
    [InlineData("{\"messages\": [1]}", "expected a list")]
    [InlineData("{\"messages\": []}", "nothing to learn")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}]}", "nothing to learn")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\", \"content\": \"\"}]}", "is empty")]
    [InlineData("{\"messages\": [{\"role\": \"user\"}]}", "nothing to learn")]
    public void A_bad_chat_is_named(string line, string what) =>
        Should.Throw<DataLineException>(() => Read(Chat(line))).Message.ShouldContain(what);

    [Fact]
    public void Places_of_soft_tokens_are_ids_below_zero_in_prompts_and_text_in_fields()
    {
        TrainingData data = Texts("""{"text": "[P1]", "label": "a"}""") with { Prompt = "[P2]{text}[P1]" };

        Passage passage = Read(data, new ExampleNeeds { Slots = new SoftSlots(2, "") }).Examples[0].Passages[0];

        passage.Ids[..passage.PromptLength].ShouldBe([-2, '[', 'P', '1', ']', -1]);
        Read(data).Examples[0].Passages[0].Ids.ShouldAllBe(id => id >= 0);
        Read(Ids("{\"ids\": [-2, 3, -1, 4], \"prompt_len\": 3}"), new ExampleNeeds { Slots = new SoftSlots(2, "") }).Examples[0].Passages[0].Ids.ShouldBe([-2, 3, -1, 4]);
    }

    [Theory]
    [InlineData("{\"ids\": [-1, 3, 4], \"prompt_len\": 2}", "without [P2]")]
    [InlineData("{\"ids\": [-1, -2, -3, 4], \"prompt_len\": 3}", "'ids[2]' is -3")]
    [InlineData("{\"ids\": [-1, 3, -2], \"prompt_len\": 2}", "without [P2]")]
    [InlineData("{\"ids\": [-1, -2, 3, -2], \"prompt_len\": 2}", "a loss would be")]
    public void A_line_that_soft_tokens_do_not_fit_is_named(string line, string what)
    {
        DataLineException error = Should.Throw<DataLineException>(() => Read(Ids(line), new ExampleNeeds { Slots = new SoftSlots(2, "") }));

        error.Line.ShouldBe(1);
        error.Message.ShouldContain(what);
    }

    [Fact]
    public void A_loss_on_soft_tokens_is_refused() =>
        Should.Throw<DataLineException>(() => Read(Texts("{\"text\": \"x\", \"label\": \"a\"}") with { Prompt = "a[P1]", LossOnAll = true }, new ExampleNeeds { Slots = new SoftSlots(1, "") }))
            .Message.ShouldContain("\"loss\": \"completion\"");

    [Fact]
    public void A_model_without_tokenizer_takes_ids_only()
    {
        TextTools tools = new("model", null, () => null, 261);

        new ExampleReader(Ids("{\"ids\": [1, 2], \"prompt_len\": 1}"), tools, new ExampleNeeds()).Read().Examples.Count.ShouldBe(1);
        Should.Throw<TrainingException>(() => new ExampleReader(Texts("{}"), tools, new ExampleNeeds())).Message.ShouldContain("no tokenizer");
        Should.Throw<TrainingException>(() => new ExampleReader(Chat("{}"), tools, new ExampleNeeds())).Message.ShouldContain("no tokenizer");
    }

    private string Decode(int[] ids) => _model.Tokenizer!.Decode(ids);

    private ExampleSet Read(TrainingData data, ExampleNeeds? needs = null) =>
        new ExampleReader(data, new TextTools("model", _model.Tokenizer, () => _model.ChatTemplate, _model.Config.Sizes.VocabularySize), needs ?? new ExampleNeeds()).Read();

    private TrainingData Texts(params string[] lines) => Ids(lines) with { Prompt = "T: {text}\\nL:", Completion = " {label}" };

    private TrainingData Chat(params string[] lines) => Ids(lines) with { Chat = true };

    private TrainingData Ids(params string[] lines) => new() { Path = _folder.Write("data.jsonl", string.Join('\n', lines)) };

    /// <summary>The tiny model, opened once.</summary>
    public sealed class Model : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Model()
        {
            TinyLlama.Write(_folder.Root);
            Tiny = LanguageModel.Open(_folder.Root, new LanguageModelOptions { Threads = 1 });
        }

        public LanguageModel Tiny { get; }

        public void Dispose()
        {
            Tiny.Dispose();
            _folder.Dispose();
        }
    }
}
