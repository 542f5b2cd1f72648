using SkPeft.Adapters.Store;
using SkPeft.Connectors.Bundles;
using SkPeft.Host.Models;

namespace SkPeft.Host.Chat;

/// <summary>Which model, store and skills a conversation uses.</summary>
internal sealed class ChatModel : IDisposable
{
    private readonly UnpackedBundle? _unpacked;

    private ChatModel(string model, string store, string? skillsFile, ModelBundle? bundle, UnpackedBundle? unpacked) =>
        (Model, Store, SkillsFile, Bundle, _unpacked) = (model, store, skillsFile, bundle, unpacked);

    public string Model { get; }

    public string Store { get; }

    /// <summary>A file of skills; it goes before the bundle's.</summary>
    public string? SkillsFile { get; }

    /// <summary>Whose skills are served, or null.</summary>
    public ModelBundle? Bundle { get; }

    /// <summary>What was named; the shipped model where none was, with its own skills where no file has others.</summary>
    /// <remarks>The shipped skills go into the store that was named, else into a temporary one: the user's own store stays as it is.</remarks>
    public static ChatModel Of(string? model, string? store, string? skillsFile)
    {
        if (model is not null)
        {
            return new ChatModel(model, StoreFolder.Open(store).Folder, skillsFile, null, null);
        }

        ModelBundle bundle = ModelBundle.OpenShipped();
        if (skillsFile is not null)
        {
            return new ChatModel(bundle.Model, StoreFolder.Open(store).Folder, skillsFile, null, null);
        }

        if (store is null)
        {
            UnpackedBundle unpacked = bundle.Unpack();
            return new ChatModel(bundle.Model, unpacked.Store, null, bundle, unpacked);
        }

        AdapterStore named = StoreFolder.Open(store);
        bundle.AddTo(named);
        return new ChatModel(bundle.Model, named.Folder, null, bundle, null);
    }

    public void Dispose() => _unpacked?.Dispose();
}
