using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Accept;

public sealed class AcceptSample : MethodSample
{
    public override string Config => """
        { "peft_type": "SKPEFT_ACCEPT", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "sub_dim": 4, "codewords": 5, "scap": true, "max_length": 6,
          "scap_sub_dim": 2, "scap_codewords": 7 }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("prompt_weight", [3, 2, 5]),
        ("codebook_prompt", [2, 5, 4]),
        ("scap_weight", [6, 4, 7]),
        ("codebook_scap", [4, 7, 2]),
    ];
}
