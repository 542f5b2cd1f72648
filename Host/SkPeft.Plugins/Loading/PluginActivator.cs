using System.Reflection;
using System.Runtime.CompilerServices;

namespace SkPeft.Plugins;

/// <summary>
/// Finds the methods of an assembly, constructs and tests them. All of it is the plugin's code, so all of it is bounded and wrapped.
/// </summary>
internal static class PluginActivator
{
    /// <summary>Loads the main assembly into the context and returns its methods by type.</summary>
    /// <exception cref="PluginRefusal">It offers no methods, or its code throws or hangs.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ActivatedMethods Activate(PluginLoadContext context, TimeSpan limit)
    {
        Attempt attempt = new(context);
        if (!BoundedCall.TryRun(attempt.Run, limit, $"plugin {context.Name}"))
        {
            throw new PluginRefusal(
                $"{attempt.Doing} did not return within {limit.TotalSeconds:0.###} s (SelfTestTimeout). Its thread cannot be stopped: " +
                "it stays, with the plugin's code, until it returns or the process ends.");
        }

        return attempt.Methods ?? throw new PluginRefusal(attempt.Failure ?? "its activation ended without a result.");
    }

    private sealed class Attempt(PluginLoadContext context)
    {
        private volatile string _doing = "loading its assembly";

        public string Doing => _doing;

        public string? Failure { get; private set; }

        public ActivatedMethods? Methods { get; private set; }

        public void Run()
        {
            try
            {
                Methods = Activate();
            }
            catch (PluginRefusal refusal)
            {
                Failure = refusal.Message;
            }
            catch (Exception e)
            {
                // Anything may come out of foreign code; it becomes the reason, as text.
                Failure = $"{_doing} failed with {FaultText.Of(e)}";
            }
        }

        private ActivatedMethods Activate()
        {
            Assembly assembly = context.LoadMain();
            _doing = "looking for its public types";
            Type[] types = [.. assembly.GetExportedTypes().Where(IsMethod)];
            if (types.Length == 0)
            {
                throw new PluginRefusal($"it has no public class that implements {nameof(IPeftMethod)}.");
            }

            ActivatedMethods methods = new();
            foreach (Type type in types)
            {
                AddMethod(type, methods);
            }

            return methods;
        }

        private static bool IsMethod(Type type) =>
            typeof(IPeftMethod).IsAssignableFrom(type) && type is { IsAbstract: false, IsInterface: false, ContainsGenericParameters: false };

        private void AddMethod(Type type, ActivatedMethods methods)
        {
            if (type.GetConstructor(Type.EmptyTypes) is null)
            {
                throw new PluginRefusal($"{type.FullName} implements {nameof(IPeftMethod)} but has no public constructor without parameters.");
            }

            _doing = $"the constructor of {type.FullName}";
            IPeftMethod method = (IPeftMethod)Activator.CreateInstance(type)!;
            _doing = $"{type.FullName}.{nameof(IPeftMethod.PeftTypes)}";

            // Copied: the list may be of a type of the plugin's own.
            string[] peftTypes = method.PeftTypes is { } offered ? [.. offered] : [];
            if (peftTypes.Length == 0 || peftTypes.Any(string.IsNullOrWhiteSpace))
            {
                throw new PluginRefusal($"{_doing} is empty or has an empty entry; it must name the values of peft_type that the method reads.");
            }

            _doing = $"{type.FullName}.{nameof(IPeftMethod.Description)}";
            string description = method.Description ?? "";
            _doing = $"the self-test of {type.FullName}";
            method.SelfTest();
            foreach (string peftType in peftTypes)
            {
                methods.Add(peftType, method, description);
            }
        }
    }
}
