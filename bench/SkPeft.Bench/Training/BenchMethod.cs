using System.Text.Json;
using SkPeft.Training;

namespace SkPeft.Bench.Training;

/// <summary>A method whose steps are timed, and what of its work counts as useful.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="SoftRows">Rows that it adds to every sequence.</param>
/// <param name="MovesFirstInput">Whether the first block's input depends on what is trained, so that its gradient is wanted too.</param>
/// <param name="IsLowRank">Whether every row passes its weights.</param>
internal sealed record BenchMethod(string Name, string Config, int SoftRows, bool MovesFirstInput, bool IsLowRank)
{
    public static IReadOnlyList<BenchMethod> All { get; } =
    [
        new("LoRA r 8, all seven projections", """
            { "peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] }
            """, 0, false, true),
        new("prompt tuning, 20 tokens", """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 20 }""", 20, true, false),
        new("prefix tuning, 10 positions", """{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 10 }""", 0, false, false),
    ];

    public AdapterPlan Plan() => new()
    {
        Package = new AdapterPackage("bench", JsonSerializer.Deserialize<JsonElement>(Config), new Dictionary<string, Tensor>()),
    };
}
