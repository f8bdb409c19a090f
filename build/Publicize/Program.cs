// Build-time tool: writes *reference* copies of assemblies in which what is internal is public and no method has a
// body, so that MLNet/MLNetInternals.cs compiles against ML.NET's internals. What runs is the stock assembly.
using Mono.Cecil;
using Mono.Cecil.Cil;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Publicize OUTPUT-FOLDER ASSEMBLY...");
    return 2;
}

Directory.CreateDirectory(args[0]);
foreach (string source in args.Skip(1))
{
    using var resolver = new DefaultAssemblyResolver();
    resolver.AddSearchDirectory(Path.GetDirectoryName(source));
    using var assembly = AssemblyDefinition.ReadAssembly(source, new ReaderParameters { AssemblyResolver = resolver });
    foreach (var type in assembly.Modules.SelectMany(module => module.GetTypes()))
    {
        Publicize(type);
    }

    var module = assembly.MainModule;
    module.Resources.Clear();
    var attribute = new TypeReference(
        "System.Runtime.CompilerServices",
        "ReferenceAssemblyAttribute",
        module,
        module.TypeSystem.CoreLibrary
    );
    var constructor = new MethodReference(".ctor", module.TypeSystem.Void, attribute) { HasThis = true };
    assembly.CustomAttributes.Add(new CustomAttribute(constructor));
    assembly.Write(Path.Combine(args[0], Path.GetFileName(source)));
}

return 0;

static void Publicize(TypeDefinition type)
{
    if (!type.IsNested && type.IsNotPublic && type.Name != "<Module>")
    {
        type.IsPublic = true;
    }
    else if (type.IsNestedAssembly || type.IsNestedFamilyAndAssembly || type.IsNestedFamilyOrAssembly)
    {
        type.IsNestedPublic = true;
    }

    foreach (var field in type.Fields)
    {
        field.IsPublic |= field.IsAssembly || field.IsFamilyAndAssembly || field.IsFamilyOrAssembly;
    }

    foreach (var method in type.Methods)
    {
        method.IsPublic |= method.IsAssembly || method.IsFamilyAndAssembly || method.IsFamilyOrAssembly;
        if (method.HasBody)
        {
            method.Body = new MethodBody(method);
            var body = method.Body.GetILProcessor();
            body.Emit(OpCodes.Ldnull);
            body.Emit(OpCodes.Throw);
        }
    }
}
