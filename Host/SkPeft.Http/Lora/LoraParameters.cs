using SkPeft.Http.Requests;

namespace SkPeft.Http.Lora;

/// <summary>The parameters of <c>POST /v1/load_lora_adapter</c> and <c>/v1/unload_lora_adapter</c>, as vLLM has them.</summary>
internal static class LoraParameters
{
    public static ParameterTable Load { get; } = new("LoadLoraAdapterRequest",
    [
        new("lora_name", ParameterKind.Text, "What requests will call it.") { IsRequired = true },
        new("lora_path", ParameterKind.Text, "A folder as HF PEFT saves it, on the server, in one of its LoraFolders.") { IsRequired = true },
        new("base_model_name", ParameterKind.Text, "The base model's name, where it is to be checked."),
        new("load_inplace", ParameterKind.Flag, "true adds a next version of a name that is there; false, the default, refuses such a name."),
    ]);

    public static ParameterTable Unload { get; } = new("UnloadLoraAdapterRequest",
    [
        new("lora_name", ParameterKind.Text, "The name it was loaded under.") { IsRequired = true },
        new("lora_int_id", ParameterKind.Integer, "Names are enough here.", ParameterFate.Ignored),
    ]);
}
