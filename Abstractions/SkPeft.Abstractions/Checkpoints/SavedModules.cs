namespace SkPeft;

/// <summary>
/// Full copies of the base's modules in an adapter's file: those named in <c>modules_to_save</c>, and embedding and head, which HF PEFT
/// saves when they are targeted or when it is asked to (peft 0.21, <c>_set_trainable</c> and <c>get_peft_model_state_dict</c>).
/// </summary>
public static class SavedModules
{
    private const string Embedding = "model.embed_tokens";
    private const string Head = "lm_head";

    /// <summary>Reads the key <c>modules_to_save</c>.</summary>
    /// <param name="reader">The configuration.</param>
    /// <exception cref="FileFormatException">It is not a list of names.</exception>
    public static IReadOnlyList<string> ReadNames(AdapterConfigReader reader)
    {
        IReadOnlyList<string> names = reader.Texts("modules_to_save") ?? [];
        if (names.Contains(""))
        {
            throw new FileFormatException(reader.File, "modules_to_save", "an empty name", "names of modules");
        }

        return names;
    }

    /// <summary>Finds the modules that <c>modules_to_save</c> names.</summary>
    /// <param name="modulesToSave">The names under <c>modules_to_save</c>; a name stands for every module whose name ends with it.</param>
    /// <param name="targeted">The modules that the method itself works on.</param>
    /// <param name="names">The adapter's names.</param>
    /// <param name="shape">The model.</param>
    /// <exception cref="AdapterOptionException">A module would be both copied and adapted, or is a list of modules.</exception>
    public static IReadOnlyList<CopiedModule> Find(
        IReadOnlyList<string> modulesToSave, IReadOnlyList<ModuleInfo> targeted, ModuleNames names, ModelShape shape)
    {
        List<CopiedModule> copied = [.. Match(modulesToSave, names, shape)];
        if (copied.Select(c => c.Module).Intersect(targeted).FirstOrDefault() is { } both)
        {
            throw new AdapterOptionException(names.Package.Name, names.Package.PeftType,
                [$"modules_to_save covers {both.Name}, which is targeted too; a module is either copied or adapted"]);
        }

        return copied;
    }

    /// <summary>Takes the copies.</summary>
    /// <param name="modulesToSave">The names under <c>modules_to_save</c>; a name stands for every module whose name ends with it.</param>
    /// <param name="targeted">The modules that the method itself works on.</param>
    /// <param name="names">The adapter's names.</param>
    /// <param name="shape">The model.</param>
    /// <param name="tensors">The adapter's tensors.</param>
    /// <exception cref="AdapterShapeException">A copy is missing or does not fit.</exception>
    /// <exception cref="AdapterOptionException">A module would be both copied and adapted, or is a list of modules.</exception>
    public static IReadOnlyList<SavedModule> Take(
        IReadOnlyList<string> modulesToSave, IReadOnlyList<ModuleInfo> targeted, ModuleNames names, ModelShape shape, AdapterTensors tensors)
    {
        List<ModuleInfo> copied = [.. Find(modulesToSave, targeted, names, shape).Select(c => c.Module)];
        List<SavedModule> saved = [.. copied.Select(m => TakeOne(m, tensors))];
        saved.AddRange(TakeEmbeddings(copied, targeted, shape, tensors));
        return saved;
    }

    private static IEnumerable<CopiedModule> Match(IReadOnlyList<string> modulesToSave, ModuleNames names, ModelShape shape)
    {
        HashSet<string> containers = new(StringComparer.Ordinal);
        foreach (string name in ModuleTree.NamesOf(shape))
        {
            if (names.Seen(name) is not { } seen || !modulesToSave.Any(m => seen.EndsWith(m, StringComparison.Ordinal)))
            {
                continue;
            }

            if (name == "model.layers")
            {
                throw new AdapterOptionException(names.Package.Name, names.Package.PeftType,
                    ["modules_to_save matches model.layers, a list of modules that cannot be copied as one; name the layers"]);
            }

            containers.Add(name);
        }

        // The outermost container that covers a module is the one that is wrapped.
        return from module in shape.Modules
               let container = containers.Where(c => module.Name == c || module.Name.StartsWith(c + ".", StringComparison.Ordinal)).MinBy(c => c.Length)
               where container is not null
               select new CopiedModule(module, container);
    }

    private static SavedModule TakeOne(ModuleInfo module, AdapterTensors tensors)
    {
        string name = AdapterTensors.Prefix + module.Name;
        Tensor weight = module.Kind == ModuleKind.Norm
            ? tensors.Take(name + ".weight", module.Outputs)
            : tensors.Take(name + ".weight", module.Outputs, module.Inputs);
        return new SavedModule(module, weight, module.HasBias ? tensors.Take(name + ".bias", module.Outputs) : null, MayBeUntouched: false);
    }

    private static List<SavedModule> TakeEmbeddings(
        List<ModuleInfo> copied, IReadOnlyList<ModuleInfo> targeted, ModelShape shape, AdapterTensors tensors)
    {
        Dictionary<string, SavedModule> found = new(StringComparer.Ordinal);
        ModuleInfo[] ends = [shape.Find(Embedding)!, shape.Find(Head)!];
        foreach (ModuleInfo module in ends.Except(copied))
        {
            string name = AdapterTensors.Prefix + module.Name + (targeted.Contains(module) ? ".base_layer.weight" : ".weight");
            if (tensors.Has(name))
            {
                found[module.Name] = new SavedModule(module, tensors.Take(name, module.Outputs, module.Inputs), null, MayBeUntouched: true);
            }
        }

        // In a tied model the two are one parameter: loading one copy changes both.
        if (shape.Sizes.TiedEmbeddings && found.Count == 1 && found.Values.Single() is { } one)
        {
            found.Add("its twin", one with { Module = ends.Single(m => m != one.Module) });
        }

        return [.. found.Values.Where(s => !copied.Contains(s.Module))];
    }
}
