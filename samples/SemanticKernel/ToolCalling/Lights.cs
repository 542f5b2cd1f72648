using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.SemanticKernel;

namespace SkPeft.ToolCallingSample;

/// <summary>A native plugin: an enum is a choice that the model cannot leave.</summary>
internal sealed class Lights
{
    private readonly Dictionary<Room, bool> _on = [];

    // As a word in the schema, and read from one.
    [JsonConverter(typeof(JsonStringEnumConverter<Room>))]
    public enum Room
    {
        Kitchen,
        Hall,
    }

    [KernelFunction]
    [Description("Switches a light.")]
    public string Switch([Description("Where")] Room room, [Description("On or off")] bool on)
    {
        _on[room] = on;
        return $"the light in the {room} is {(on ? "on" : "off")}";
    }
}
